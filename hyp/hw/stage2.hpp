#pragma once
// Stage-2 tables: the memory that they are made of, and how those of one VM are built.

#include <cstdint>
#include <optional>

#include "drivers/cpu/hyp_registers.hpp"
#include "drivers/mmu/builder.hpp"
#include "drivers/mmu/hw/table_memory.hpp"
#include "hyp/core/vm_config.hpp"

namespace hm::hyp {

using Stage2Memory = mmu::HardwareTables<mmu::Ipa, mmu::Pa, mmu::InvalidateStage2>;
using Stage2Builder = mmu::Builder<mmu::Stage2, Stage2Memory>;

struct Stage2Tables {
    Stage2Builder builder;
    cpu::Vttbr vttbr{};
};

/// Frames for the tables of all VMs of one run; those of the run before are given up together.
class Stage2Pool {
  public:
    constexpr Stage2Pool() = default;

    /// Takes `frames` frames from `begin` on.
    void start(mmu::Pa begin, unsigned frames);

    /// Gives up all tables: nothing walks them any more.
    void release_all() { frames_.release_all(); }

    /// The tables that `config` asks for; nothing where they do not fit.
    [[nodiscard]] std::optional<Stage2Tables> build(const VmConfig& config);

    /// What the tables take that the CPU walks; `start` as in the VMs' configuration.
    [[nodiscard]] std::uint32_t table_bytes(Stage2Start start) const;

    [[nodiscard]] Stage2Memory& memory() { return memory_; }

  private:
    [[nodiscard]] std::optional<mmu::Pa> new_root(unsigned tables);

    unsigned count_ = 0;
    mmu::FramePool<mmu::Pa> frames_{{}, 0, {}};
    Stage2Memory memory_{frames_};
};

extern Stage2Pool stage2_pool;

}  // namespace hm::hyp

// Made once, in stage2.cpp: what the demand fault needs of it is inlined there all the same.
extern template class hm::mmu::Builder<hm::mmu::Stage2, hm::hyp::Stage2Memory>;
