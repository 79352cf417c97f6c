#include "host/machine/device_tree.hpp"

#include <gtest/gtest.h>

#include "drivers/fdt/machine.hpp"
#include "drivers/fdt/tree.hpp"
#include "host/base/files.hpp"
#include "host/base/process.hpp"
#include "tests/unit/host/base/scripts.hpp"

namespace hm::host::testing {
namespace {

class HostDeviceTree : public ScriptTest {
  protected:
    /// The blob that dtc makes of `source`.
    [[nodiscard]] std::string compiled(const std::string& source) const {
        const auto nothing = [](std::string_view) {};
        const ProcessEnd end = run_process({find_program("dtc"),
                                            {"-q", "-O", "dtb", "-o", path("tree.dtb").string(),
                                             write("tree.dts", source).string()}},
                                           ProcessLimits{}, nothing, nothing);
        EXPECT_EQ(describe(end), "exit status 0");
        return read("tree.dtb");
    }
};

/// What the target reads in it; a text that no command line is, where it reads nothing.
std::string bootargs_of(const std::optional<std::string>& tree) {
    const std::string blob = tree.value_or("");
    const auto opened = fdt::Tree::open(std::as_bytes(std::span(blob)));
    const auto words = fdt::bootargs(opened.tree);
    return opened.error == fdt::Error::kNone && words ? std::string(*words) : "(none)";
}

TEST_F(HostDeviceTree, TakesParametersInPlaceOfItsOwnAndKeepsTheRest) {
    const std::string blob = compiled(
        "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; chosen { bootargs = \"old\"; };"
        " memory@80000000 { device_type = \"memory\"; reg = <0x80000000 0x1000>; }; };");
    const std::string words(1024, 'w');
    const auto tree = with_bootargs(blob, words);
    EXPECT_EQ(bootargs_of(tree), words);
    ASSERT_TRUE(tree);
    const auto memory = fdt::memory(fdt::Tree::open(std::as_bytes(std::span(*tree))).tree);
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->total_bytes(), 0x1000U);
    EXPECT_EQ(bootargs_of(with_bootargs(*tree, "suite=quick only=chase")),
              "suite=quick only=chase");
}

TEST_F(HostDeviceTree, TakesParametersWhereItHadNone) {
    EXPECT_EQ(bootargs_of(with_bootargs(compiled("/dts-v1/; / { chosen { }; };"), "suite=quick")),
              "suite=quick");
}

TEST_F(HostDeviceTree, WithoutAPlaceForParametersIsRefused) {
    const std::string blob = compiled("/dts-v1/; / { };");
    EXPECT_EQ(with_bootargs(blob, "suite=quick"), std::nullopt);
    EXPECT_EQ(with_bootargs(blob.substr(0, blob.size() / 2), "suite=quick"), std::nullopt);
    EXPECT_EQ(with_bootargs("", "suite=quick"), std::nullopt);
    EXPECT_EQ(with_bootargs("no tree at all, but long enough for a header of one", "suite=quick"),
              std::nullopt);
}

}  // namespace
}  // namespace hm::host::testing
