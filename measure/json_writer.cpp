#include "measure/json_writer.hpp"

#include <array>
#include <cstddef>

namespace hm::measure {
namespace {

constexpr char digit(std::uint64_t value) { return static_cast<char>('0' + value); }

}  // namespace

JsonWriter& JsonWriter::key(const char* name) {
    string(name);
    sink_(':');
    comma_before_next_ = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
    separate();
    sink_('"');
    for (const char c : text) {
        put_escaped(c);
    }
    sink_('"');
    return *this;
}

JsonWriter& JsonWriter::string(const char* text) { return string(std::string_view(text)); }

JsonWriter& JsonWriter::boolean(bool value) {
    separate();
    put_text(sink_, value ? "true" : "false");
    return *this;
}

[[gnu::noinline]] JsonWriter& JsonWriter::member(const char* name, std::string_view value) {
    return key(name).string(value);
}
[[gnu::noinline]] JsonWriter& JsonWriter::member(const char* name, const char* value) {
    return key(name).string(value);
}
[[gnu::noinline]] JsonWriter& JsonWriter::member(const char* name, std::uint32_t value) {
    return key(name).write_integer(false, value);
}
[[gnu::noinline]] JsonWriter& JsonWriter::member(const char* name, std::uint64_t value) {
    return key(name).write_integer(false, value);
}
[[gnu::noinline]] JsonWriter& JsonWriter::member(const char* name, bool value) {
    return key(name).boolean(value);
}

JsonWriter& JsonWriter::decimal(std::uint64_t value, std::uint64_t scale) {
    separate();
    put_digits(value / scale);
    std::uint64_t rest = value % scale;
    if (rest != 0) {
        sink_('.');
    }
    while (rest != 0) {
        scale /= 10;
        sink_(digit(rest / scale));
        rest %= scale;
    }
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    sink_(bracket);
    comma_before_next_ = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    sink_(bracket);
    comma_before_next_ = true;
    return *this;
}

JsonWriter& JsonWriter::write_integer(bool negative, std::uint64_t magnitude) {
    separate();
    if (negative) {
        sink_('-');
    }
    put_digits(magnitude);
    return *this;
}

/// Begins a key or a value: with a comma where another stands before it in the same brackets.
void JsonWriter::separate() {
    if (comma_before_next_) {
        sink_(',');
    }
    comma_before_next_ = true;
}

void JsonWriter::put_escaped(char c) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        sink_('\\');
        sink_(c);
    } else if (code < 0x20 || code > 0x7e) {
        put_text(sink_, "\\u");
        put_hex(sink_, code, 4);
    } else {
        sink_(c);
    }
}

void JsonWriter::put_digits(std::uint64_t value) {
    std::array<char, 20> reversed{};  // 2^64 - 1 has twenty digits.
    std::size_t length = 0;
    // Few numbers need more than 32 bits, and dividing those is a long loop on the target.
    for (; value >> 32 != 0; value /= 10) {
        reversed[length++] = digit(value % 10);
    }
    auto rest = static_cast<std::uint32_t>(value);
    do {
        reversed[length++] = digit(rest % 10);
        rest /= 10;
    } while (rest != 0);
    while (length > 0) {
        sink_(reversed[--length]);
    }
}

}  // namespace hm::measure
