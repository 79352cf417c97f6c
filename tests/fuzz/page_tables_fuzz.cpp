// Calls of the table builder in any order, beside a plain map of pages; in each of the formats.

#include <string>

#include "tests/fuzz/check.hpp"
#include "tests/unit/drivers/mmu/mix.hpp"

namespace {

using hm::fuzz::Input;
using namespace hm::mmu;

void require_nothing_wrong(const std::string& wrong) {
    hm::fuzz::require(wrong.empty(), wrong.c_str());
}

template <class Format>
void run(Input& input) {
    constexpr unsigned kMostSteps = 64;
    test::Mix<Format, Input> mix(input);
    for (unsigned i = 0; i < kMostSteps && !input.empty(); ++i) {
        mix.step();
        require_nothing_wrong(mix.wrong());
    }
    mix.check();
    mix.end();
    mix.check();
    require_nothing_wrong(mix.wrong());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    switch (input.below(5)) {
        case 0:
            run<Stage1>(input);
            break;
        case 1:
            run<HypStage1>(input);
            break;
        case 2:
            run<Stage2>(input);
            break;
        case 3:
            run<Stage2Narrow>(input);
            break;
        default:
            run<ShortStage1>(input);
            break;
    }
    return 0;
}
