#pragma once
// Device trees made by hand for tests, byte by byte as the specification lays them out.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hm::fdt {

inline void append_word(std::vector<std::byte>& bytes, std::uint32_t word) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) {
        bytes.push_back(static_cast<std::byte>(word >> shift));
    }
}

inline void set_word(std::vector<std::byte>& bytes, std::size_t offset, std::uint32_t word) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) {
        bytes.at(offset++) = static_cast<std::byte>(word >> shift);
    }
}

/// Builds a blob from front to back: nodes and properties in the order of the calls.
class FdtBuilder {
  public:
    FdtBuilder& begin_node(std::string_view name) {
        append_word(structure_, 1);
        append_text(structure_, name);
        pad();
        return *this;
    }

    FdtBuilder& end_node() { return token(2); }

    /// A bare token, which may be invalid.
    FdtBuilder& token(std::uint32_t number) {
        append_word(structure_, number);
        return *this;
    }

    FdtBuilder& bytes(std::string_view name, const std::vector<std::byte>& value) {
        append_word(structure_, 3);
        append_word(structure_, static_cast<std::uint32_t>(value.size()));
        append_word(structure_, static_cast<std::uint32_t>(strings_.size()));
        append_text(strings_, name);
        structure_.insert(structure_.end(), value.begin(), value.end());
        pad();
        return *this;
    }

    FdtBuilder& strings(std::string_view name, std::initializer_list<std::string_view> texts) {
        std::vector<std::byte> value;
        for (const std::string_view text : texts) {
            append_text(value, text);
        }
        return bytes(name, value);
    }

    FdtBuilder& cells(std::string_view name, std::initializer_list<std::uint32_t> words) {
        std::vector<std::byte> value;
        for (const std::uint32_t word : words) {
            append_word(value, word);
        }
        return bytes(name, value);
    }

    /// An entry of the list of reservations: `/memreserve/`.
    FdtBuilder& reserve(std::uint64_t address, std::uint64_t size) {
        for (const std::uint64_t number : {address, size}) {
            append_word(reservations_, static_cast<std::uint32_t>(number >> 32));
            append_word(reservations_, static_cast<std::uint32_t>(number));
        }
        return *this;
    }

    /// The whole blob: header, list of reservations (with its end), structure (with its end),
    /// strings.
    [[nodiscard]] std::vector<std::byte> finish(std::uint32_t version = 17) const {
        std::vector<std::byte> structure = structure_;
        append_word(structure, 9);
        const std::size_t header = version >= 17 ? 40 : 36;
        const std::size_t reservations = 40;
        const std::size_t structure_offset = reservations + reservations_.size() + 16;
        const std::size_t strings_offset = structure_offset + structure.size();
        std::vector<std::byte> blob;
        for (const std::size_t word :
             {std::size_t{0xd00dfeed}, strings_offset + strings_.size(), structure_offset,
              strings_offset, reservations, std::size_t{version}, std::size_t{16}, std::size_t{0},
              strings_.size(), structure.size()}) {
            append_word(blob, static_cast<std::uint32_t>(word));
        }
        blob.resize(header);
        blob.resize(reservations);
        blob.insert(blob.end(), reservations_.begin(), reservations_.end());
        blob.resize(structure_offset);
        blob.insert(blob.end(), structure.begin(), structure.end());
        blob.insert(blob.end(), strings_.begin(), strings_.end());
        return blob;
    }

  private:
    static void append_text(std::vector<std::byte>& bytes, std::string_view text) {
        for (const char c : text) {
            bytes.push_back(static_cast<std::byte>(c));
        }
        bytes.push_back(std::byte{0});
    }

    void pad() { structure_.resize((structure_.size() + 3) / 4 * 4); }

    std::vector<std::byte> reservations_;
    std::vector<std::byte> structure_;
    std::vector<std::byte> strings_;
};

/// A tree with the parts of QEMU's `virt` that the monitor reads, and some that it must skip.
inline FdtBuilder virt_tree() {
    FdtBuilder tree;
    tree.begin_node("")
        .strings("compatible", {"linux,dummy-virt", "hm,test"})
        .cells("#address-cells", {2})
        .token(4)
        .cells("#size-cells", {2})
        .begin_node("psci")
        .strings("method", {"smc"})
        .end_node()
        .begin_node("memory@40000000")
        .cells("reg", {0, 0x40000000, 0, 0x40000000})
        .strings("device_type", {"memory"})
        .end_node()
        .begin_node("cpus")
        .cells("#address-cells", {1})
        .cells("#size-cells", {0})
        .begin_node("cpu@0")
        .cells("reg", {0})
        .end_node()
        .begin_node("cpu@1")
        .cells("reg", {1})
        .end_node()
        .end_node()
        .begin_node("chosen")
        .strings("bootargs", {"suite=quick count=1000"})
        .strings("stdout-path", {"/pl011@9000000"})
        .bytes("rng-seed", {std::byte{1}, std::byte{2}, std::byte{3}})
        .end_node()
        .end_node();
    return tree;
}

/// A tree with memory that is reserved in both ways, and a memory node with more in it than most.
inline FdtBuilder reserving_tree() {
    FdtBuilder tree;
    tree.reserve(0x48000000, 0x1000)
        .reserve(0, 0x1000)
        .begin_node("")
        .cells("#address-cells", {2})
        .cells("#size-cells", {1})
        .begin_node("memory@40000000")
        .strings("device_type", {"memory"})
        .cells("reg", {0, 0x60000000, 0x20000000, 0, 0x40000000, 0x20000000})
        .cells("linux,usable-memory", {0, 0x60000000, 0x1f000000, 0, 0x40000000, 0x20000000})
        .end_node()
        .begin_node("reserved-memory")
        .cells("#address-cells", {1})
        .cells("#size-cells", {1})
        .bytes("ranges", {})
        .begin_node("secure@70000000")
        .cells("reg", {0x70000000, 0x100000, 0x71000000, 0x100000})
        .end_node()
        .begin_node("anywhere")
        .cells("size", {0x1000000})
        .end_node()
        .end_node()
        .end_node();
    return tree;
}

}  // namespace hm::fdt
