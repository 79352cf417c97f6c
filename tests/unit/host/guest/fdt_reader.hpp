#pragma once
// What libfdt finds in a tree, for tests.

#include <gtest/gtest.h>
#include <libfdt.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hm::host::testing {

class FdtReader {
  public:
    explicit FdtReader(std::string blob) : blob_(std::move(blob)) {
        EXPECT_EQ(fdt_check_full(blob_.data(), blob_.size()), 0);
    }

    [[nodiscard]] bool has(const std::string& path) const { return offset(path) >= 0; }
    [[nodiscard]] bool has(const std::string& path, const char* name) const {
        return fdt_getprop(blob_.data(), offset(path), name, nullptr) != nullptr;
    }

    /// The bytes of a property; none if there is no such property.
    [[nodiscard]] std::string bytes(const std::string& path, const char* name) const {
        int size = 0;
        const void* const value = fdt_getprop(blob_.data(), offset(path), name, &size);
        return value == nullptr
                   ? ""
                   : std::string(static_cast<const char*>(value), static_cast<std::size_t>(size));
    }

    /// Of each string with the zero after it: "a\0b\0" is {"a", "b"}.
    [[nodiscard]] std::vector<std::string> strings(const std::string& path,
                                                   const char* name) const {
        std::vector<std::string> list;
        const int node = offset(path);
        const int count = fdt_stringlist_count(blob_.data(), node, name);
        for (int i = 0; i < count; ++i) {
            list.emplace_back(fdt_stringlist_get(blob_.data(), node, name, i, nullptr));
        }
        return list;
    }

    [[nodiscard]] std::vector<std::uint32_t> cells(const std::string& path,
                                                   const char* name) const {
        const std::string value = bytes(path, name);
        EXPECT_EQ(value.size() % 4, 0U) << path << " " << name;
        std::vector<std::uint32_t> list;
        for (std::size_t i = 0; i + 4 <= value.size(); i += 4) {
            list.push_back(fdt32_ld(reinterpret_cast<const fdt32_t*>(value.data() + i)));
        }
        return list;
    }

    /// The path of the node with this phandle.
    [[nodiscard]] std::string path_of(std::uint32_t phandle) const {
        const int node = fdt_node_offset_by_phandle(blob_.data(), phandle);
        std::string path(256, '\0');
        if (node < 0 || fdt_get_path(blob_.data(), node, path.data(), 256) != 0) {
            return "";
        }
        return path.c_str();
    }

  private:
    [[nodiscard]] int offset(const std::string& path) const {
        return fdt_path_offset(blob_.data(), path.c_str());
    }

    std::string blob_;
};

}  // namespace hm::host::testing
