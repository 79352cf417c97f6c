// results.json and its schema.

#include "host/base/process.hpp"
#include "tests/unit/host/cli/tool_runs.hpp"

namespace hm::host::testing {
namespace {

/// What jsonschema finds wrong with a file; "valid" if nothing.
std::string schema_of(const std::filesystem::path& file, const std::filesystem::path& script) {
    std::string said;
    const auto take = [&said](std::string_view more) { said += more; };
    (void)run_process(
        {"/usr/bin/python3",
         {script.string(), HYPMETER_SOURCE_DIR "/docs/results.schema.json", file.string()}},
        ProcessLimits{}, take, take);
    return said;
}

TEST_F(HostRun, ResultsFitTheSchemaAndWhatIsChangedDoesNot) {
    const auto script =
        write("check.py",
              "import json, sys, jsonschema\n"
              "schema, document = [json.load(open(a)) for a in sys.argv[1:]]\n"
              "jsonschema.Draft7Validator.check_schema(schema)\n"
              "errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))\n"
              "print(errors[0].message if errors else 'valid')\n");
    EXPECT_EQ(run("cat $D/log"), kAllOk);
    EXPECT_EQ(schema_of(path("out/results.json"), script), "valid\n");
    const Json good = Json::parse(read("out/results.json"));
    const auto changed = [&](const char* pointer, const Json& value) {
        Json bad = good;
        bad[Json::json_pointer(pointer)] = value;
        return schema_of(write("bad.json", bad.dump()), script);
    };
    EXPECT_EQ(changed("/schema", 2), "1 was expected\n");
    for (const char* const pointer :
         {"/results/0/count", "/results/0/histogram/0", "/verdicts/0/ok",
          "/host/scenario_seconds/0", "/guest_crc32/native", "/parameters", "/results/0/new",
          "/clock"}) {
        EXPECT_NE(changed(pointer, "wrong"), "valid\n") << pointer;
    }
    // Those of a run that was interrupted too.
    EXPECT_EQ(run("head -n 12 $D/log; kill -INT $PPID; exec sleep 20"), kFailed);
    EXPECT_EQ(schema_of(path("out/results.json.part"), script), "valid\n");
}

}  // namespace
}  // namespace hm::host::testing
