#include "host/model/set_usage.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "host/model/model.hpp"

namespace hm::host {
namespace {

class Sets {
  public:
    /// A power of two of them, as in every cache, so that no division is needed.
    explicit Sets(const CacheGeometry& cache)
        : uses_(std::bit_ceil(std::size_t{cache.sets()})), mask_(uses_.size() - 1) {}

    void use(std::uint64_t line) { ++uses_[line & mask_]; }

    [[nodiscard]] SetUsage usage() const {
        const auto [least, most] = std::minmax_element(uses_.begin(), uses_.end());
        return {*least, *most};
    }

  private:
    std::vector<std::uint32_t> uses_;
    std::uint64_t mask_;
};

}  // namespace

DataCaches caches_of(const ModelledCore& core) {
    const Model model(core);
    const auto number = [&model](Parameter parameter) {
        return static_cast<std::uint32_t>(model[parameter].low);
    };
    return {{number(Parameter::kL1Bytes), number(Parameter::kL1Ways)},
            {number(Parameter::kL2Bytes), number(Parameter::kL2Ways)}};
}

ChaseUsage set_usage(const DataCaches& caches, const measure::chase::Shape& shape,
                     measure::Placement placement, std::uint64_t base) {
    Sets l1_data(caches.l1_data);
    Sets l2(caches.l2);
    for (std::uint32_t i = 0; i < lines_of(shape); ++i) {
        const std::uint64_t address = base + physical_offset(shape, placement, i);
        l1_data.use(address / measure::chase::kLineBytes);
        l2.use(address / measure::chase::kLineBytes);
    }
    return {l1_data.usage(), l2.usage()};
}

}  // namespace hm::host
