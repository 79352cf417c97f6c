#include "hyp/hw/counter_setup.hpp"

#include "drivers/cpu/hw/cp15.hpp"

namespace hm::hyp {

namespace {

/// Filter `index` of `count`: the cycle counter's is the last.
void select(std::uint32_t index, std::uint32_t count) {
    cpu::write(pmu::Pmselr{}.with(pmu::Pmselr::kSelect,
                                  index + 1 == count ? pmu::kCycleFilterSelect : index));
    cpu::isb();  // selected before it is read or written (ARM DDI 0406C.d, C12.8.10)
}

}  // namespace

CounterSetup counter_setup() {
    CounterSetup setup{
        .control = cpu::read<pmu::Pmcr>(), .enabled = cpu::read<pmu::Pmcntenset>(), .filters = {}};
    const std::uint32_t count = setup.control.get(pmu::Pmcr::kN) + 1;
    for (std::uint32_t i = 0; i < count; ++i) {
        select(i, count);
        setup.filters[i] = cpu::read<pmu::Pmxevtyper>();
    }
    return setup;
}

void set_up_counters(const CounterSetup& setup) {
    const std::uint32_t count = setup.control.get(pmu::Pmcr::kN) + 1;
    cpu::write(pmu::Pmcntenclr::from(~setup.enabled.raw));
    for (std::uint32_t i = 0; i < count; ++i) {
        select(i, count);
        cpu::write(setup.filters[i]);
    }
    cpu::write(pmu::Pmselr{});
    cpu::write(pmu::Pmuserenr{});
    cpu::write(pmu::Pmintenclr::from(UINT32_MAX));
    cpu::write(pmu::Pmovsr::from(UINT32_MAX));  // a one clears (C12.8.11)
    cpu::write(setup.enabled);
    cpu::write(setup.control);  // C and P, which reset counts, read as zero (C12.8.8)
    cpu::isb();                 // B3.15.5
}

}  // namespace hm::hyp
