#include "host/machine/hypervisor_file.hpp"

#include <gtest/gtest.h>

#include "tests/unit/host/log/log.hpp"

namespace hm::host::testing {
namespace {

std::string wrong_with(const std::string& text) { return read_hypervisor_file(text).error; }

/// The file with the field `name` set to `value`, or without it where that is null.
std::string file_with(const std::string& name, const Json& value) {
    Json json{{"name", "kvm"}, {"command", {"qemu-system-arm", "-kernel", "{image}"}}};
    if (value.is_null()) {
        json.erase(name);
    } else {
        json[name] = value;
    }
    return json.dump();
}

TEST(HostHypervisorFile, IsReadWithAllThatItMayHave) {
    const ReadHypervisorFile read = read_hypervisor_file(R"({
        "name": "my-hypervisor_2.0",
        "command": ["start", "{folder}/config", "{image}", "{bootargs}"],
        "prefix": "[guest 1] ",
        "clock": "pmu",
        "lacks": ["pagefault", "exit=sgi-self"]
    })");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.file.name, "my-hypervisor_2.0");
    EXPECT_EQ(read.file.command.size(), 4U);
    EXPECT_EQ(read.file.prefix, "[guest 1] ");
    EXPECT_EQ(read.file.clock, "pmu");
    EXPECT_EQ(read.file.lacks, (std::vector<std::string>{"pagefault", "exit=sgi-self"}));
}

TEST(HostHypervisorFile, NeedsOnlyANameAndACommand) {
    const ReadHypervisorFile read = read_hypervisor_file(file_with("prefix", nullptr));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.file.prefix, "");
    EXPECT_EQ(read.file.clock, "counter");
    EXPECT_TRUE(read.file.lacks.empty());
}

TEST(HostHypervisorFile, OfAnotherFormIsRefusedInOneLine) {
    EXPECT_EQ(wrong_with(""), "it is no JSON object");
    EXPECT_EQ(wrong_with("[1]"), "it is no JSON object");
    EXPECT_EQ(wrong_with("{\"name\": \"a\","), "it is no JSON object");
    EXPECT_EQ(wrong_with(file_with("name", nullptr)), "it has no field \"name\"");
    EXPECT_EQ(wrong_with(file_with("command", nullptr)), "it has no field \"command\"");
    EXPECT_EQ(wrong_with(file_with("prefx", "x")),
              "unknown field \"prefx\"; did you mean \"prefix\"?");
    EXPECT_EQ(wrong_with(file_with("something", "x")),
              "unknown field \"something\"; fields: name, command, prefix, clock, lacks");
}

TEST(HostHypervisorFile, WithAFieldThatCannotBeUsedIsRefused) {
    for (const Json& name : {Json(""), Json(7), Json("two words"), Json(std::string(33, 'a')),
                             Json("under=x"), Json("\xc3\xa4")}) {
        EXPECT_TRUE(wrong_with(file_with("name", name)).starts_with("field \"name\" takes a word"))
            << name;
    }
    for (const Json& command : {Json("qemu"), Json::array(), Json::array({""}),
                                Json::array({"qemu", 1}), Json::object()}) {
        EXPECT_EQ(wrong_with(file_with("command", command)),
                  "field \"command\" takes an array of words: a program and its arguments")
            << command;
    }
    for (const Json& prefix : {Json(1), Json("two\nlines"), Json(std::string(81, 'x'))}) {
        EXPECT_TRUE(wrong_with(file_with("prefix", prefix)).starts_with("field \"prefix\" takes"))
            << prefix;
    }
    EXPECT_EQ(wrong_with(file_with("clock", "wall")),
              "field \"clock\" takes \"counter\" (CNTVCT, the default) or \"pmu\" (PMCCNTR)");
    EXPECT_TRUE(wrong_with(file_with("lacks", "chase")).starts_with("field \"lacks\" takes"));
    EXPECT_TRUE(has(wrong_with(file_with("lacks", Json::array({"boot"}))),
                    "field \"lacks\" has \"boot\", and can have pagefault, "));
}

TEST(HostHypervisorFile, WithAPlaceholderThatDoesNotExistIsRefused) {
    EXPECT_EQ(wrong_with(file_with("command", Json::array({"qemu", "-kernel", "{imge}"}))),
              "field \"command\" has \"{imge}\", and the placeholders are {image}, {bootargs}, "
              "{folder}");
    EXPECT_EQ(wrong_with(file_with("command", Json::array({"qemu", R"({"qom-type": "x"}{})"}))),
              "");
}

TEST(HostHypervisorFile, HasItsPlaceholdersFilledInOnce) {
    const CommandPlace place{
        .image = "/a/{folder}", .bootargs = "under=x suite=quick", .folder = "/f"};
    EXPECT_EQ(
        filled_in({"{folder}/start", "--kernel={image}", "{bootargs}", "{ image}", "{"}, place),
        (std::vector<std::string>{"/f/start", "--kernel=/a/{folder}", "under=x suite=quick",
                                  "{ image}", "{"}));
}

}  // namespace
}  // namespace hm::host::testing
