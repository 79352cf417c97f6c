#include "host/alone/xen_tree.hpp"

#include <fmt/format.h>
#include <libfdt.h>

#include <initializer_list>

namespace hm::host {
namespace {

/// Writes into a tree that is there. What fails is remembered.
class TreeEditor {
  public:
    TreeEditor(std::string_view blob, std::size_t more) : tree_(blob.size() + more, '\0') {
        fits_ = fdt_check_full(blob.data(), blob.size()) == 0 &&
                fdt_open_into(blob.data(), tree_.data(), static_cast<int>(tree_.size())) == 0;
    }

    [[nodiscard]] int find(const char* path) {
        return keep(fits_ ? fdt_path_offset(tree_.data(), path) : -1);
    }
    [[nodiscard]] int add(int parent, const std::string& name) {
        return keep(fits_ ? fdt_add_subnode(tree_.data(), parent, name.c_str()) : -1);
    }
    void text(int node, const char* name, const std::string& value) {
        set(node, name, std::string_view(value.c_str(), value.size() + 1));
    }
    /// Each is ended by a zero.
    void texts(int node, const char* name, std::initializer_list<std::string_view> values) {
        std::string list;
        for (const std::string_view value : values) {
            list.append(value).push_back('\0');
        }
        set(node, name, list);
    }
    void cells(int node, const char* name, std::initializer_list<std::uint32_t> values) {
        std::string bytes;
        for (const std::uint32_t value : values) {
            const fdt32_t big = cpu_to_fdt32(value);
            bytes.append(reinterpret_cast<const char*>(&big), sizeof big);
        }
        set(node, name, bytes);
    }
    void flag(int node, const char* name) { set(node, name, {}); }
    /// It need not be there.
    void remove(int node, const char* name) {
        if (fits_) {
            (void)fdt_delprop(tree_.data(), node, name);
        }
    }

    /// Without the room that is left in it.
    [[nodiscard]] std::optional<std::string> finish() {
        if (fits_) {
            keep(fdt_pack(tree_.data()));
            tree_.resize(fdt_totalsize(tree_.data()));
        }
        return fits_ ? std::optional(std::move(tree_)) : std::nullopt;
    }

  private:
    void set(int node, const char* name, std::string_view value) {
        if (fits_) {
            keep(fdt_setprop(tree_.data(), node, name, value.data(),
                             static_cast<int>(value.size())));
        }
    }
    int keep(int result) {
        fits_ = fits_ && result >= 0;
        return result;
    }

    std::string tree_;
    bool fits_ = true;
};

constexpr std::uint32_t kKilobyte = 1024;

}  // namespace

std::optional<std::string> xen_tree(std::string_view machine, const std::string& xen_bootargs,
                                    const XenGuest& guest) {
    // Twice what the nodes take.
    constexpr std::size_t kNodes = 1024;
    TreeEditor tree(machine, kNodes + xen_bootargs.size() + guest.bootargs.size());
    const int chosen = tree.find("/chosen");
    // QEMU makes new ones each time, and two runs are to be equal.
    tree.remove(chosen, "rng-seed");
    tree.remove(chosen, "kaslr-seed");
    tree.text(chosen, "xen,xen-bootargs", xen_bootargs);
    tree.cells(chosen, "#address-cells", {2});
    tree.cells(chosen, "#size-cells", {2});
    const int domain = tree.add(chosen, "domU1");
    tree.texts(domain, "compatible", {"xen,domain"});
    tree.cells(domain, "#address-cells", {2});
    tree.cells(domain, "#size-cells", {2});
    tree.cells(domain, "cpus", {1});
    tree.cells(domain, "memory", {0, guest.memory / kKilobyte});  // in KB, 64 bits
    tree.flag(domain, "vpl011");
    const int module = tree.add(domain, fmt::format("module@{:x}", guest.address));
    tree.texts(module, "compatible", {"multiboot,kernel", "multiboot,module"});
    tree.cells(module, "reg", {0, guest.address, 0, guest.bytes});
    tree.text(module, "bootargs", guest.bootargs);
    return tree.finish();
}

}  // namespace hm::host
