#include "hyp/hw/vector_tables.hpp"

extern "C" {
extern const char hyp_vectors[], hyp_vectors_null[], hyp_vectors_irq_null[], hyp_vectors_stamped[],
    hyp_vectors_companion[], hyp_vectors_faults[], hyp_vectors_only[], hyp_vectors_irq[],
    hyp_vectors_irq_stamped[], hyp_vectors_irq_faults[], hyp_vectors_watched[],
    hyp_vectors_irq_watched[], hyp_vectors_counted[], hyp_vectors_irq_counted[];
}

namespace hm::hyp {

namespace {

cpu::Hvbar at(const char* vectors) {
    return cpu::Hvbar::from(reinterpret_cast<std::uint32_t>(vectors));
}

}  // namespace

cpu::Hvbar vectors_for(const VectorNeeds& needs, TimerRoute route) {
    const bool by_irq = route == TimerRoute::kIrq;
    if (needs.faults_are_stamped) {
        return at(by_irq ? hyp_vectors_irq_faults : hyp_vectors_faults);
    }
    if (needs.interrupts_are_stamped) {
        return at(by_irq        ? hyp_vectors_irq_stamped
                  : needs.first ? hyp_vectors_stamped
                                : hyp_vectors_companion);
    }
    if (needs.masking_is_watched) {
        return at(by_irq ? hyp_vectors_irq_watched : hyp_vectors_watched);
    }
    if (needs.exits_are_counted) {
        return at(by_irq ? hyp_vectors_irq_counted : hyp_vectors_counted);
    }
    if (needs.null_ends_in_vector) {
        return at(by_irq ? hyp_vectors_irq_null : hyp_vectors_null);
    }
    return at(by_irq ? hyp_vectors_irq : hyp_vectors);
}

cpu::Hvbar plain_vectors() { return at(hyp_vectors); }

cpu::Hvbar vectors_that_only_return() { return at(hyp_vectors_only); }

}  // namespace hm::hyp
