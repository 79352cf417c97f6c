#pragma once
// Reading a JSON object field by field, with the first thing that was missing or of the wrong type.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hm::host {

/// JSON whose keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

class Fields {
  public:
    /// `object` outlives this reader.
    explicit Fields(const Json& object) : object_(object) {}

    std::string text(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_string() ? found->get<std::string>()
                                                      : missing<std::string>(key);
    }
    double number(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_number() ? found->get<double>() : missing<double>(key);
    }
    std::uint64_t whole(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_number_unsigned() ? found->get<std::uint64_t>()
                                                               : missing<std::uint64_t>(key);
    }
    bool flag(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_boolean() ? found->get<bool>() : missing<bool>(key);
    }
    Json object(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_object() ? *found : missing<Json>(key);
    }
    Json array(const char* key) {
        const Json* found = find(key);
        return found != nullptr && found->is_array() ? *found : missing<Json>(key);
    }

    /// A field that may be left out, but is a number where it stands.
    std::optional<double> optional_number(const char* key) {
        return find(key) == nullptr ? std::nullopt : std::optional{number(key)};
    }

    /// A field that may be left out, but is a text where it stands; empty where it does not.
    std::string optional_text(const char* key) { return has(key) ? text(key) : std::string(); }

    /// A whole number that may be left out.
    std::optional<std::uint64_t> optional_whole(const char* key) {
        return has(key) ? std::optional{whole(key)} : std::nullopt;
    }

    /// An array of texts.
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> all;
        for (const Json& element : array(key)) {
            if (element.is_string()) {
                all.push_back(element.get<std::string>());
            } else {
                reject(key);
            }
        }
        return all;
    }

    /// The same where it may be left out, which means none.
    std::vector<std::string> optional_texts(const char* key) {
        return has(key) ? texts(key) : std::vector<std::string>();
    }

    /// A field that may be left out, which means false.
    bool optional_flag(const char* key) { return has(key) && flag(key); }

    [[nodiscard]] bool has(const char* key) const { return find(key) != nullptr; }

    /// Says that what `key` holds is of no use, though its type is right.
    void reject(const char* key) {
        if (!bad_) {
            bad_ = key;
        }
    }

    /// The first field that was missing or of no use.
    [[nodiscard]] const std::optional<std::string>& bad() const { return bad_; }

  private:
    [[nodiscard]] const Json* find(const char* key) const {
        if (!object_.is_object()) {
            return nullptr;
        }
        const auto found = object_.find(key);
        return found == object_.end() ? nullptr : &*found;
    }
    template <class T>
    T missing(const char* key) {
        reject(key);
        return T{};
    }

    const Json& object_;
    std::optional<std::string> bad_;
};

}  // namespace hm::host
