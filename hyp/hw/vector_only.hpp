#pragma once
// The stretch in which HVC only returns, from HYP's vector itself (Hypercall::kVectorOnly). Nothing
// is looked at there, so that what is measured is the exception and its return. A trap that is not
// HVC is taken again and again, until the stretch is over and it is served: at the next interrupt,
// and after measure::kVectorOnlyTicks at the latest.

namespace hm::hyp {

/// It begins, for the guest that runs.
void begin_vector_only();

}  // namespace hm::hyp
