// The nodes that Xen's binding asks for (docs/misc/arm/device-tree/booting.txt of Xen 4.17,
// "Creating Multiple Domains directly from Xen"), as libfdt finds them.

#include "host/alone/xen_tree.hpp"

#include <gtest/gtest.h>

#include "tests/unit/host/guest/fdt_reader.hpp"

namespace hm::host::testing {
namespace {

using Strings = std::vector<std::string>;
using Cells = std::vector<std::uint32_t>;

/// A machine's tree with as much room as QEMU leaves in its own.
std::string machine_tree(bool has_chosen = true) {
    std::string blob(1 << 20, '\0');
    EXPECT_EQ(fdt_create_empty_tree(blob.data(), static_cast<int>(blob.size())), 0);
    if (has_chosen) {
        const int chosen = fdt_add_subnode(blob.data(), 0, "chosen");
        fdt_setprop_string(blob.data(), chosen, "stdout-path", "/pl011@9000000");
        fdt_setprop_u64(blob.data(), chosen, "kaslr-seed", 1234);
        fdt_setprop_u64(blob.data(), chosen, "rng-seed", 5678);
    }
    const int memory = fdt_add_subnode(blob.data(), 0, "memory@40000000");
    fdt_setprop_string(blob.data(), memory, "device_type", "memory");
    return blob;
}

const XenGuest kGuest{.address = 0x5000'0000,
                      .bytes = 0x1'2345,
                      .memory = 512U << 20,
                      .bootargs = "under=xen clock=counter suite=quick"};
constexpr const char* kDomain = "/chosen/domU1";
constexpr const char* kModule = "/chosen/domU1/module@50000000";

std::string made() { return xen_tree(machine_tree(), "console=dtuart", kGuest).value_or(""); }

TEST(HostXenTree, SaysWhatXenIsToDo) {
    const FdtReader tree(made());
    EXPECT_EQ(tree.strings("/chosen", "xen,xen-bootargs"), Strings{"console=dtuart"});
    EXPECT_EQ(tree.strings("/chosen", "stdout-path"), Strings{"/pl011@9000000"});
    EXPECT_TRUE(tree.has("/memory@40000000"));
}

TEST(HostXenTree, HasADomainWithOneCpuItsMemoryAndAUart) {
    const FdtReader tree(made());
    EXPECT_EQ(tree.strings(kDomain, "compatible"), Strings{"xen,domain"});
    EXPECT_EQ(tree.cells(kDomain, "cpus"), Cells{1});
    EXPECT_EQ(tree.cells(kDomain, "memory"), (Cells{0, 512 * 1024})) << "KB, in 64 bits";
    EXPECT_TRUE(tree.has(kDomain, "vpl011"));
    EXPECT_EQ(tree.bytes(kDomain, "vpl011"), "");
}

TEST(HostXenTree, HasTheGuestAsItsKernelWithTwoCellsForAddressAndSize) {
    const FdtReader tree(made());
    EXPECT_EQ(tree.strings(kModule, "compatible"),
              (Strings{"multiboot,kernel", "multiboot,module"}));
    EXPECT_EQ(tree.cells(kDomain, "#address-cells"), Cells{2});
    EXPECT_EQ(tree.cells(kDomain, "#size-cells"), Cells{2});
    EXPECT_EQ(tree.cells(kModule, "reg"), (Cells{0, 0x5000'0000, 0, 0x1'2345}));
    EXPECT_EQ(tree.strings(kModule, "bootargs"), Strings{kGuest.bootargs});
}

TEST(HostXenTree, IsTheSameForTwoRuns) {
    const FdtReader tree(made());
    EXPECT_FALSE(tree.has("/chosen", "kaslr-seed"));
    EXPECT_FALSE(tree.has("/chosen", "rng-seed"));
    EXPECT_EQ(made(), made());
}

TEST(HostXenTree, LeavesOutTheRoomThatQemuLeftInItsOwn) {
    EXPECT_FALSE(made().empty());
    EXPECT_LT(made().size(), 4096U);
}

TEST(HostXenTree, IsNotMadeOfWhatIsNoTreeOrHasNoChosen) {
    EXPECT_FALSE(xen_tree("no tree", "", kGuest));
    EXPECT_FALSE(xen_tree("", "", kGuest));
    EXPECT_FALSE(xen_tree(machine_tree(false), "", kGuest));
}

}  // namespace
}  // namespace hm::host::testing
