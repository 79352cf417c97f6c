#include "measure/plan.hpp"

#include "measure/workload/table.hpp"

namespace hm::measure {

void Plan::add(const Scenario& scenario) {
    if (count_ < kMost) {
        scenarios_[count_] = scenario;
        ++count_;
    }
}

void Plan::leave_out(const std::bitset<kMost>& places) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        if (!places[i]) {
            scenarios_[kept++] = scenarios_[i];
        }
    }
    count_ = kept;
}

void Plan::add_in_both_worlds(const Scenario& scenario) {
    add_in(kPlainNative, scenario);
    add_in(kPlainNested, scenario);
}

void Plan::add_in(const Translation& translation, const Scenario& scenario) {
    add_in(translation, scenario,
           translation.regime() == Regime::kNative ? Delivery::kNative : Delivery::kInjected);
}

void Plan::add_in(const Translation& translation, const Scenario& scenario, Delivery delivery) {
    Scenario added = scenario;
    added.translation = translation;
    added.delivery = delivery;
    add(added);
}

void make_plan(const Request& request, std::uint64_t counter_hz, Plan& plan) {
    for (const Workload* const workload : kWorkloads) {
        if (wants(request, *workload)) {
            workload->plan(request, counter_hz, plan);
        }
    }
    if (request.left_out.any()) {
        plan.leave_out(request.left_out);
    }
}

}  // namespace hm::measure
