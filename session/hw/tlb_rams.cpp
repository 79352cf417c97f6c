#include "session/hw/tlb_rams.hpp"

#include "hyp/hw/monitor.hpp"

namespace hm::session {

namespace {

const TlbReadOut* in_use;
cpu::TlbContents contents_read;

}  // namespace

TlbReader::TlbReader(const TlbReadOut* tlb) {
    in_use = tlb;
    if (tlb != nullptr) {
        hyp::set_inspector([] { cpu::read_all(*in_use->rams, in_use->read, contents_read); });
    }
}

TlbReader::~TlbReader() {
    if (in_use != nullptr) {
        hyp::set_inspector(nullptr);
    }
}

const cpu::TlbContents& TlbReader::contents() { return contents_read; }

}  // namespace hm::session
