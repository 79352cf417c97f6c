#pragma once
// A JSON text that was read, as one flat list of its values. A log has a record for each row: to
// build each as a tree on the heap would take longer than all else that is done with it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// Arrays and objects in one another: no more are read. Our own files have five.
inline constexpr std::size_t kDeepest = 16;

/// Names in one object: no more are read, since to find one takes a look at each. Our own files
/// have some 40.
inline constexpr std::size_t kMostNames = 256;

class Document {
  public:
    enum class Kind : std::uint8_t {
        kNull,
        kFlag,
        kWhole,     ///< a whole number without a sign
        kNegative,  ///< a whole number with one
        kNumber,    ///< any other
        kText,
        kArray,
        kObject,
    };

  private:
    struct Node {
        Kind kind;
        std::uint32_t size;  ///< of a text, in bytes; of an array or object, its parts
        /// Of a number or flag; of a text, where it begins in `texts_`; of an array or object, the
        /// place of what follows it.
        std::uint64_t bits;
    };

  public:
    /// One value of it. Lives as long as the document does, and until it is read anew.
    class Element {
      public:
        [[nodiscard]] Kind kind() const { return node().kind; }
        [[nodiscard]] bool is_number() const {
            return kind() == Kind::kWhole || kind() == Kind::kNegative || kind() == Kind::kNumber;
        }
        // Each only of the kind that it names; `number`, of any number.
        [[nodiscard]] bool flag() const { return node().bits != 0; }
        [[nodiscard]] std::uint64_t whole() const { return node().bits; }
        [[nodiscard]] std::int64_t negative() const {
            return static_cast<std::int64_t>(node().bits);
        }
        [[nodiscard]] double number() const;
        [[nodiscard]] std::string_view text() const {
            return std::string_view(document_->texts_).substr(node().bits, node().size);
        }

        /// Elements of an array, or names of an object.
        [[nodiscard]] std::size_t size() const { return node().size; }
        /// The first element of an array, or the first name of an object, which has a value after
        /// it. There is none if the size is 0.
        [[nodiscard]] Element first() const { return {document_, place_ + 1}; }
        /// What stands after this one. There is none after the last.
        [[nodiscard]] Element next() const {
            const bool has_parts = kind() == Kind::kArray || kind() == Kind::kObject;
            return {document_, has_parts ? static_cast<std::uint32_t>(node().bits) : place_ + 1};
        }
        /// The value of a name of an object.
        [[nodiscard]] std::optional<Element> find(std::string_view name) const;

      private:
        friend class Document;
        friend class DocumentBuilder;
        Element(const Document* document, std::uint32_t place)
            : document_(document), place_(place) {}
        [[nodiscard]] const Node& node() const { return document_->nodes_[place_]; }

        const Document* document_;
        std::uint32_t place_;
    };

    /// The whole text; there is one only after DocumentReader::read() has given this document.
    [[nodiscard]] Element root() const { return {this, 0}; }

  private:
    friend class DocumentBuilder;

    std::vector<Node> nodes_;
    std::string texts_;
};

/// Reads one text after another into the same memory.
class DocumentReader {
  public:
    DocumentReader();
    DocumentReader(const DocumentReader&) = delete;
    DocumentReader& operator=(const DocumentReader&) = delete;
    ~DocumentReader();

    /// `text` as JSON; null if it is none, has more than is read here, or gives two values to one
    /// name: which of them is meant would be a guess. What it gave before is gone.
    [[nodiscard]] const Document* read(std::string_view text);

  private:
    struct Fast;
    std::unique_ptr<Fast> fast_;
    Document document_;
};

}  // namespace hm::host
