#pragma once
// A user's file that says how his hypervisor is started with the guest that comes alone.

#include <string>
#include <string_view>
#include <vector>

namespace hm::host {

/// The clocks that the guest can take: CNTVCT, or PMCCNTR.
inline constexpr std::string_view kCounterClock = "counter";
inline constexpr std::string_view kPmuClock = "pmu";

struct HypervisorFile {
    std::string name;                  ///< for rows: "kvm"
    std::vector<std::string> command;  ///< a program and its arguments, with placeholders
    std::string prefix;                ///< of each line that the guest prints; may be empty
    std::string clock{kCounterClock};
    std::vector<std::string> lacks;  ///< workloads, and exits as "exit=sgi-self"
};

struct ReadHypervisorFile {
    HypervisorFile file;
    std::string error;  ///< what is wrong, in one line; empty if nothing is
};

/// Reads the JSON of such a file. Nothing that the tool does not know is taken.
[[nodiscard]] ReadHypervisorFile read_hypervisor_file(std::string_view text);

/// What such a file has, for people.
[[nodiscard]] std::string hypervisor_file_help();

/// Whether `text` can say what the guest ran under: 1 to 32 letters, digits, '.', '-' and '_'.
[[nodiscard]] bool can_be_under(std::string_view text);

/// What stands for the placeholders in a command.
struct CommandPlace {
    std::string image;     ///< {image}: the guest's file
    std::string bootargs;  ///< {bootargs}: its command line
    std::string folder;    ///< {folder}: where the user's file is
};

/// The placeholders, for people: "{image}, .."
[[nodiscard]] std::string placeholders_text();

/// `words` with what the placeholders stand for.
[[nodiscard]] std::vector<std::string> filled_in(std::vector<std::string> words,
                                                 const CommandPlace& place);

}  // namespace hm::host
