#pragma once
// Record lines as they come over a line that may damage them: keeps each that arrived whole, knows
// which are missing, and asks the target for those again. Pure: bytes in, bytes out.
//
// A target that lingers answers "again N FROM:" with a piece of record line N (measure/repeat.hpp),
// and whatever it does not understand with kWhat.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/document.hpp"

namespace hm::host {

inline constexpr std::string_view kLingers = "hypmeter: lingers";
inline constexpr std::string_view kWhat = "hypmeter: what?";
inline constexpr std::string_view kBye = "bye\n";

class Capture {
  public:
    /// After so many requests for one piece the run is given up.
    static constexpr unsigned kTries = 12;

    /// Takes the next bytes of the line, cut anywhere. Returns what is new in them, as whole lines:
    /// words for people, and records that were not known. Damaged records are left out.
    std::string feed(std::string_view bytes);

    /// What follows comes over a line that was opened anew. Forgets the part of a line that came
    /// last, and asks for the first record and the last result once more even though they are
    /// known: the target may have begun another run in the meantime, and these two would differ.
    void reconnect();

    /// What to send next, "again 7 0:\n"; empty if nothing is missing, or nothing can help.
    /// Before the end is known, it asks for the record after the last one.
    [[nodiscard]] std::string request();

    /// A piece has been asked for and has not come.
    [[nodiscard]] bool waits() const { return waits_; }
    /// The target is known to wait for requests.
    [[nodiscard]] bool lingers() const { return lingers_; }
    /// The end record has come, so that it is known how many there are.
    [[nodiscard]] bool ended() const { return end_.has_value(); }
    /// Every record is there, and none is in doubt.
    [[nodiscard]] bool complete() const;
    /// What no request mends: contradictions, and records that were given up.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

    [[nodiscard]] std::size_t records() const { return lines_.size(); }
    /// How many of them came only when asked for.
    [[nodiscard]] std::size_t repeated() const { return repeated_; }

    /// The records in their order, each a line that ends with '\n'; with gaps where some are
    /// missing, which LogParser finds.
    [[nodiscard]] std::string log() const;

  private:
    [[nodiscard]] std::optional<std::string_view> take_line(std::string_view line);
    [[nodiscard]] std::optional<std::string_view> take_piece(std::string_view line);
    [[nodiscard]] std::optional<std::string_view> take_record(std::string_view line,
                                                              std::string_view body);
    void forget_pieces();
    [[nodiscard]] std::optional<std::uint64_t> missing() const;

    std::map<std::uint64_t, std::string> lines_;
    std::vector<std::uint64_t> doubted_;
    std::vector<std::string> faults_;
    std::optional<std::uint64_t> end_, last_result_;
    std::optional<std::uint64_t> asked_;  ///< the record that comes in pieces
    std::string pieces_;                  ///< what of it is there
    unsigned tries_ = 0;                  ///< requests for the piece that comes next
    bool waits_ = false;
    bool lingers_ = false;
    std::size_t repeated_ = 0;
    DocumentReader reader_;
    std::string pending_;
};

}  // namespace hm::host
