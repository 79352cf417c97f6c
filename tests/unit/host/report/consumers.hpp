#pragma once
// What other programs make of our formats.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "host/base/process.hpp"
#include "tests/unit/host/base/scripts.hpp"

namespace hm::host::testing {

class Consumers : public ScriptTest {
  protected:
    /// What a shell says to `body`, where `$D` is the test's folder.
    [[nodiscard]] std::string shell(const std::string& body) const {
        std::string said;
        const auto take = [&said](std::string_view more) { said += more; };
        const ProcessEnd end = run_process({script("sh", body), {}}, ProcessLimits{}, take, take);
        EXPECT_EQ(end.ending, Ending::kExited);
        return said;
    }

    /// What Python says to `body`, which finds the file in the test's folder.
    [[nodiscard]] std::string python(const std::string& body) const {
        (void)write("script.py", body);
        return shell("cd $D; /usr/bin/python3 script.py");
    }
};

}  // namespace hm::host::testing
