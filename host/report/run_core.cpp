#include "host/report/run_core.hpp"

#include <algorithm>

#include "drivers/cpu/core_facts.hpp"
#include "host/model/cortex_a15.hpp"

namespace hm::host {

const ModelledCore& core_of(const Results& results) {
    const auto word = results.registers.whole("MIDR");
    const cpu::CoreFacts* const facts =
        word ? cpu::facts_of(cpu::Midr::from(static_cast<std::uint32_t>(*word))) : nullptr;
    const auto cores = modelled_cores();
    const auto found = std::find_if(cores.begin(), cores.end(), [facts](const ModelledCore* core) {
        return facts != nullptr && core->title == facts->name;
    });
    return found == cores.end() ? kCortexA15 : **found;
}

}  // namespace hm::host
