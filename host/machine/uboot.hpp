#pragma once
// U-Boot at the other end of a serial line: its prompt, its commands, and files into its memory.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "host/cli/options.hpp"
#include "host/cli/progress.hpp"
#include "host/machine/serial_line.hpp"

namespace hm::host {

/// What U-Boot needs to be told on a board.
struct UBootBoard {
    std::string_view board;
    std::uint32_t load;                       ///< where an image waits until bootm moves it
    std::uint32_t tree;                       ///< where its device tree waits
    std::uint32_t proof;                      ///< where a file is read back to
    std::string_view card_start;              ///< makes the cards known
    std::span<const std::string_view> cards;  ///< devices and partitions, in the order to try
    std::string_view network_start;           ///< makes the network known; may be empty
    bool has_reset;                           ///< the target can reset the board at its end
};

/// The facts of one of kBoards that has a port.
[[nodiscard]] const UBootBoard& uboot_board(std::string_view board);

/// What the image is called on a card and on a TFTP server.
[[nodiscard]] std::string uimage_name(std::string_view board);

/// "BUILDS/arndale/boot/hypmeter-arndale.uimg"
[[nodiscard]] std::filesystem::path uimage_of(std::string_view board,
                                              const std::filesystem::path& builds);

/// The device tree that lies beside an image; it need not be there.
[[nodiscard]] std::filesystem::path tree_of(std::string_view board,
                                            const std::filesystem::path& image);

/// Why the image cannot be booted, in one line; empty where it can.
[[nodiscard]] std::string why_not_bootable(const std::filesystem::path& image);

/// Why a conversation ended early, in one line for people.
struct BoardError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Every function throws BoardError where it fails.
class UBoot {
  public:
    /// An empty `prompt` is found out.
    UBoot(SerialLine& line, const UBootBoard& board, std::string prompt, Steps& steps)
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

    /// Brings `file` into memory, and proves that it is the same there.
    void load(const SerialOptions& options, const std::filesystem::path& file,
              const std::string& name, std::uint32_t address);

    /// The device and partition of the card that holds `name`; empty where none does.
    [[nodiscard]] std::string find_on_card(const std::string& asked, const std::string& name);

    /// The size of what was loaded last.
    [[nodiscard]] std::uint32_t loaded_size();

    /// Whether what is in memory has the CRC of `bytes`.
    [[nodiscard]] bool in_memory(std::uint32_t address, std::string_view bytes);

    /// Sets bootargs, in pieces where they are longer than a line.
    void set_arguments(const std::string& arguments);

    [[nodiscard]] const std::string& prompt() const { return prompt_; }

  private:
    void type(const std::string& command);
    [[nodiscard]] bool echoed(std::string_view piece);
    [[nodiscard]] std::string until_prompt(std::chrono::milliseconds patience);
    void listen(std::chrono::milliseconds patience, std::string& text);
    [[noreturn]] void no_prompt(const std::string& heard) const;
    void load_once(const SerialOptions& options, const std::filesystem::path& file,
                   const std::string& name, std::uint32_t address);
    void send_file(const std::filesystem::path& file, std::uint32_t address);
    void start_network(const SerialOptions& options);

    SerialLine& line_;
    const UBootBoard& board_;
    std::string prompt_;
    Steps& steps_;
    bool network_is_up_ = false;
};

/// The last line of `text`, which has no end yet.
[[nodiscard]] std::string_view last_line(std::string_view text);

/// The last line that says something: most often the reason.
[[nodiscard]] std::string last_words(std::string_view text);

/// Whether `line` looks like a prompt that waits for a command.
[[nodiscard]] bool is_prompt(std::string_view line);

}  // namespace hm::host
