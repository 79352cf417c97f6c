#pragma once
// U-Boot at the other end of a serial line: its prompt, its commands, and loading files into
// memory.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "host/base/console.hpp"
#include "host/machine/run_options.hpp"
#include "host/machine/serial_line.hpp"

namespace hm::host {

/// Why the image cannot be booted, in one line; empty if it can.
[[nodiscard]] std::string why_not_bootable(const std::filesystem::path& image);

/// Whether a line may be U-Boot's prompt: that which the user gave, if he gave one. Blanks at its
/// end are hard to see, so that it may be given without them.
[[nodiscard]] bool may_be_prompt(std::string_view line, std::string_view given);

/// Why a conversation ended early, in one line for people.
struct BoardError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Every function throws BoardError if it fails.
class UBoot {
  public:
    /// An empty `prompt` is found out. `board` has U-Boot.
    UBoot(SerialLine& line, const Board& board, std::string prompt, Steps& steps)
        : line_(line), board_(board), prompt_(std::move(prompt)), steps_(steps) {}

    /// Waits for the prompt, and keeps U-Boot from booting by itself.
    void reach_prompt();

    struct Reply {
        bool ok;
        std::string text;  ///< what was said, without the command and the prompt
    };
    [[nodiscard]] Reply ask(const std::string& command,
                            std::chrono::milliseconds patience = std::chrono::seconds(10));

    /// The same, where a refusal ends the conversation.
    std::string must(const std::string& command,
                     std::chrono::milliseconds patience = std::chrono::seconds(10));

    /// Sends a command that does not come back.
    void leave(const std::string& command) { type(command); }

    /// Brings `file` into memory at `address`, and checks its CRC there.
    void load(const SerialOptions& options, const std::filesystem::path& file,
              const std::string& name, std::uint32_t address);

    /// The device and partition of the card that holds `name`; empty if none does.
    [[nodiscard]] std::string find_on_card(const std::string& asked, const std::string& name);

    /// The size of what was loaded last.
    [[nodiscard]] std::uint32_t loaded_size();

    /// Whether what is in memory has the CRC of `bytes`.
    [[nodiscard]] bool in_memory(std::uint32_t address, std::string_view bytes);

    /// Sets bootargs, in pieces if they are longer than a line.
    void set_arguments(const std::string& arguments);

    [[nodiscard]] const std::string& prompt() const { return prompt_; }

  private:
    void type(const std::string& command);
    [[nodiscard]] bool echoed(std::string_view piece);
    [[nodiscard]] bool prompt_came(std::chrono::milliseconds patience, std::string& text);
    [[nodiscard]] std::string until_prompt(std::chrono::milliseconds patience);
    void listen(std::chrono::milliseconds patience, std::string& text);
    [[noreturn]] void no_prompt(const std::string& heard) const;
    void load_once(const SerialOptions& options, const std::filesystem::path& file,
                   const std::string& name, std::uint32_t address);
    void send_file(const std::filesystem::path& file, std::uint32_t address);
    void start_network(const SerialOptions& options);

    SerialLine& line_;
    const Board& board_;
    std::string prompt_;
    Steps& steps_;
    bool network_is_up_ = false;
};

/// The last line of `text`, which is not ended yet.
[[nodiscard]] std::string_view last_line(std::string_view text);

/// The last line that is not empty: most often the reason.
[[nodiscard]] std::string last_words(std::string_view text);

/// Whether `line` looks like a prompt that waits for a command.
[[nodiscard]] bool is_prompt(std::string_view line);

}  // namespace hm::host
