#include "host/log/document.hpp"

#include <simdjson.h>

#include <array>
#include <bit>
#include <nlohmann/json.hpp>

#include "host/log/json.hpp"

namespace hm::host {

double Document::Element::number() const {
    const Node& held = node();
    return held.kind == Kind::kWhole      ? static_cast<double>(held.bits)
           : held.kind == Kind::kNegative ? static_cast<double>(negative())
                                          : std::bit_cast<double>(held.bits);
}

std::optional<Document::Element> Document::Element::find(std::string_view name) const {
    Element at = first();
    for (std::size_t i = 0; i < size(); ++i) {
        const Element value = at.next();
        if (at.text() == name) {
            return value;
        }
        at = value.next();
    }
    return std::nullopt;
}

/// Takes the parts of a text one by one; false for one that must not be there. Its functions have
/// the names by which nlohmann's library calls them.
class DocumentBuilder {
  public:
    DocumentBuilder(Document& document, std::string_view text) : document_(document) {
        document_.nodes_.clear();
        document_.texts_.clear();
        // No value takes less than two bytes, as "1,". To grow step by step would copy all of it
        // again and again, and memory that is not used costs nothing.
        document_.nodes_.reserve(text.size() / 2 + 1);
    }

    bool null() { return add(Kind::kNull, 0); }
    bool boolean(bool value) { return add(Kind::kFlag, value ? 1 : 0); }
    bool number_integer(std::int64_t value) {
        return add(Kind::kNegative, static_cast<std::uint64_t>(value));
    }
    bool number_unsigned(std::uint64_t value) { return add(Kind::kWhole, value); }
    bool number_float(double value, const std::string& /*text*/ = {}) {
        return add(Kind::kNumber, std::bit_cast<std::uint64_t>(value));
    }
    bool string(std::string_view value) {
        count();
        return put_text(value);
    }
    bool binary(std::vector<std::uint8_t>& /*value*/) { return false; }
    bool key(std::string_view name) {
        std::uint64_t& marks = marks_[depth_ - 1];
        const std::uint64_t mark = mark_of(name);
        if (((marks & mark) != 0 && is_known(name)) ||
            document_.nodes_[open_[depth_ - 1]].size == kMostNames) {
            return false;
        }
        marks |= mark;
        ++document_.nodes_[open_[depth_ - 1]].size;
        return put_text(name);
    }
    bool start_object(std::size_t /*size*/ = 0) { return open(Kind::kObject); }
    bool start_array(std::size_t /*size*/ = 0) { return open(Kind::kArray); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t /*place*/, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) {
        return false;
    }

  private:
    using Kind = Document::Kind;

    /// One bit of 64: most names of an object have different ones, and are not compared.
    [[nodiscard]] static std::uint64_t mark_of(std::string_view name) {
        constexpr std::size_t kFactor = 7;
        const std::size_t sum =
            name.empty()
                ? 0
                : (name.size() * kFactor + static_cast<unsigned char>(name.front())) * kFactor +
                      static_cast<unsigned char>(name.back());
        return std::uint64_t{1} << (sum % 64);
    }
    /// Whether the object around the place has this name.
    [[nodiscard]] bool is_known(std::string_view name) const {
        const std::uint32_t names = document_.nodes_[open_[depth_ - 1]].size;
        Document::Element known(&document_, open_[depth_ - 1] + 1);
        for (std::uint32_t i = 0; i < names; ++i) {
            if (known.text() == name) {
                return true;
            }
            known = known.next().next();
        }
        return false;
    }

    void put(Kind kind, std::uint64_t bits, std::size_t size) {
        document_.nodes_.push_back({kind, static_cast<std::uint32_t>(size), bits});
    }
    bool put_text(std::string_view value) {
        put(Kind::kText, document_.texts_.size(), value.size());
        document_.texts_ += value;
        return true;
    }
    /// Counts what is added as a part of the array around it. In an object, names are counted.
    void count() {
        if (depth_ > 0) {
            Document::Node& around = document_.nodes_[open_[depth_ - 1]];
            around.size += around.kind == Kind::kArray ? 1 : 0;
        }
    }
    bool add(Kind kind, std::uint64_t bits) {
        count();
        put(kind, bits, 0);
        return true;
    }
    bool open(Kind kind) {
        if (depth_ == kDeepest) {
            return false;
        }
        add(kind, 0);
        marks_[depth_] = 0;
        open_[depth_++] = static_cast<std::uint32_t>(document_.nodes_.size() - 1);
        return true;
    }
    bool close() {
        document_.nodes_[open_[--depth_]].bits = document_.nodes_.size();
        return true;
    }

    Document& document_;
    std::array<std::uint32_t, kDeepest> open_{};   ///< the arrays and objects around the place
    std::array<std::uint64_t, kDeepest> marks_{};  ///< of the names of each
    std::size_t depth_ = 0;
};

namespace {

using simdjson::dom::element_type;

bool take(simdjson::dom::element element, DocumentBuilder& to);

bool take_array(simdjson::dom::array array, DocumentBuilder& to) {
    bool taken = to.start_array();
    for (auto part = array.begin(); taken && part != array.end(); ++part) {
        taken = take(*part, to);
    }
    return taken && to.end_array();
}

bool take_object(simdjson::dom::object object, DocumentBuilder& to) {
    bool taken = to.start_object();
    for (auto part = object.begin(); taken && part != object.end(); ++part) {
        taken = to.key(part.key()) && take(part.value(), to);
    }
    return taken && to.end_object();
}

/// Not deeper than `to` allows.
bool take(simdjson::dom::element element, DocumentBuilder& to) {
    switch (element.type()) {
        case element_type::ARRAY:
            return take_array(element.get_array().value_unsafe(), to);
        case element_type::OBJECT:
            return take_object(element.get_object().value_unsafe(), to);
        case element_type::INT64: {
            const std::int64_t value = element.get_int64().value_unsafe();
            return value < 0 ? to.number_integer(value)
                             : to.number_unsigned(static_cast<std::uint64_t>(value));
        }
        case element_type::UINT64:
            return to.number_unsigned(element.get_uint64().value_unsafe());
        case element_type::DOUBLE:
            return to.number_float(element.get_double().value_unsafe());
        case element_type::STRING:
            return to.string(element.get_string().value_unsafe());
        case element_type::BOOL:
            return to.boolean(element.get_bool().value_unsafe());
        case element_type::NULL_VALUE:
            return to.null();
    }
    return false;
}

/// Both libraries read such a text to the same values, if simdjson reads it at all: it keeps no
/// sign of a zero, and what it makes of half a surrogate pair depends on its version.
bool is_plain(std::string_view text) {
    return text.find('\\') == std::string_view::npos && text.find("-0") == std::string_view::npos;
}

}  // namespace

struct DocumentReader::Fast {
    simdjson::dom::parser parser;
};

DocumentReader::DocumentReader() : fast_(std::make_unique<Fast>()) {}
DocumentReader::~DocumentReader() = default;

const Document* DocumentReader::read(std::string_view text) {
    DocumentBuilder builder(document_, text);
    if (is_plain(text)) {
        const auto parsed = fast_->parser.parse(text.data(), text.size());
        if (parsed.error() == simdjson::SUCCESS) {
            return take(parsed.value_unsafe(), builder) ? &document_ : nullptr;
        }
    }
    // What simdjson does not read, as a number beyond 64 bits, this one may.
    return Json::sax_parse(text, &builder) ? &document_ : nullptr;
}

}  // namespace hm::host
