#pragma once
// Reading a JSON object field by field, with the first field that was missing or could not be used.
// Texts are made fit for a terminal: what it might take for a command is replaced.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/log/document.hpp"
#include "host/log/params.hpp"

namespace hm::host {

class Fields {
  public:
    /// What it is of outlives this reader.
    explicit Fields(Document::Element object) : object_(object) {}

    [[nodiscard]] std::string text(const char* key);
    [[nodiscard]] double number(const char* key);
    [[nodiscard]] std::uint64_t whole(const char* key);
    /// The same, in a range; both ends belong to it.
    struct Range {
        std::uint64_t low;
        std::uint64_t high;
    };
    [[nodiscard]] std::uint64_t whole(const char* key, Range range);
    [[nodiscard]] std::uint32_t crc32(const char* key);
    [[nodiscard]] bool flag(const char* key);
    /// An object whose values are numbers, booleans or strings. The field is bad, too, if `fits`
    /// does not take one of them.
    [[nodiscard]] Params params(const char* key, bool (*fits)(const Params::Entry&) = nullptr);
    /// An array of words.
    [[nodiscard]] std::vector<std::string> texts(const char* key);
    /// An object, as JSON on one line.
    [[nodiscard]] std::string json_text(const char* key);

    /// Reads an object field by field; what is wrong in it is wrong here.
    void object(const char* key, const std::function<void(Fields&)>& read);
    /// The same for each element of an array of objects.
    void objects(const char* key, const std::function<void(Fields&)>& read);

    /// An array of pairs of a number and a count.
    [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> counts(const char* key);
    /// An array of arrays of `each` words of 32 bits.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> words(const char* key, std::size_t each);
    /// An array of pairs of a word and a number.
    [[nodiscard]] std::vector<std::pair<std::string, double>> named_numbers(const char* key);

    // Fields that may be left out, but are of the right type if they are there.
    [[nodiscard]] std::optional<double> optional_number(const char* key);
    [[nodiscard]] std::optional<std::uint64_t> optional_whole(const char* key);
    [[nodiscard]] std::string optional_text(const char* key);                ///< else empty
    [[nodiscard]] std::vector<std::string> optional_texts(const char* key);  ///< else none
    [[nodiscard]] bool optional_flag(const char* key);                       ///< else false

    /// A whole number, or null for none.
    [[nodiscard]] std::optional<std::uint64_t> whole_or_null(const char* key);

    [[nodiscard]] bool has(const char* key) const { return find(key).has_value(); }

    /// Says that the value of `key` cannot be used, though its type is right.
    void reject(std::string_view key) {
        if (!bad_) {
            bad_ = key;
        }
    }

    /// The first field that was missing or could not be used.
    [[nodiscard]] const std::optional<std::string>& bad() const { return bad_; }

    /// The object in this one that it belongs to, as "results[3]"; empty if it is this one.
    [[nodiscard]] const std::string& place_of_bad() const { return place_; }

  private:
    using Element = Document::Element;
    using Kind = Document::Kind;

    [[nodiscard]] std::optional<Element> find(std::string_view key) const;
    /// The value of `key` if it is of this kind; else none, and the field is bad.
    [[nodiscard]] std::optional<Element> find(std::string_view key, Kind kind);

    /// If `inner`, read of the value at `place`, has a bad field, this one has it too.
    void reject_inner(const Fields& inner, std::string_view place);

    Element object_;
    std::optional<std::string> bad_;
    std::string place_;
};

}  // namespace hm::host
