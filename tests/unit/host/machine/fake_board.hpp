#pragma once
// A board at a serial port: enough of U-Boot's prompt to be talked to, and a target that repeats
// its records.

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <thread>

#include "measure/crc32.hpp"
#include "tests/unit/host/log/bad_line.hpp"
#include "tests/unit/host/machine/pty.hpp"

namespace hm::host::testing {

struct FakeBoardPlan {
    std::string log;                          ///< what the target sends
    std::map<std::string, std::string> card;  ///< files on "virtio 0:1"
    bool lingers = true;
    double damage = 0;          ///< how often a byte goes wrong once the target runs
    std::size_t cut_at = 0;     ///< the cable is out from this byte of the log on; 0 is never
    std::size_t cut_bytes = 0;  ///< what is lost then
    bool refuses_boot = false;
    bool forgets_writes = false;       ///< as a card that is worn out
    bool lingers_already = false;      ///< it is found in the state of a target that has run
    std::chrono::milliseconds deaf{};  ///< hears nothing for so long, from the first 'f' on
    std::string babble;                ///< says this again and again, and nothing else
};

class FakeBoard {
  public:
    FakeBoard(const std::filesystem::path& link, FakeBoardPlan plan)
        : plan_(std::move(plan)),
          pty_(link),
          target_(plan_.log),
          line_(7, plan_.damage),
          runs_(plan_.lingers_already),
          thread_([this] { serve(); }) {}
    FakeBoard(const FakeBoard&) = delete;
    FakeBoard& operator=(const FakeBoard&) = delete;
    ~FakeBoard() { stop(); }

    void stop() {
        stop_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    [[nodiscard]] std::string port() const { return "serial:" + pty_.path(); }
    /// Only once it has stopped.
    [[nodiscard]] const std::string& arguments() const { return arguments_; }
    [[nodiscard]] const std::map<std::string, std::string>& card() const { return plan_.card; }
    [[nodiscard]] bool was_told_to_end() const { return told_to_end_; }
    [[nodiscard]] unsigned writes() const { return writes_; }

  private:
    void serve() {
        while (!stop_) {
            const std::string bytes = pty_.read();
            if (is_deaf(bytes)) {
                continue;
            }
            if (!plan_.babble.empty()) {
                pty_.write(plan_.babble);
            } else if (runs_) {
                answer(line_.pass(bytes));
            } else {
                type(bytes);
            }
        }
    }

    bool is_deaf(const std::string& bytes) {
        const auto now = std::chrono::steady_clock::now();
        if (plan_.deaf.count() != 0 && bytes.find('f') != std::string::npos) {
            hears_from_ = now + std::exchange(plan_.deaf, std::chrono::milliseconds(0));
        }
        return now < hears_from_;
    }

    void answer(const std::string& bytes) {
        if (bytes.find("bye") != std::string::npos) {
            told_to_end_ = true;
        } else if (plan_.lingers) {
            pty_.write(line_.pass(target_.take(bytes)));
        }
    }

    void type(const std::string& bytes) {
        for (const char c : bytes) {
            if (c == '\x03') {
                typed_.clear();
                pty_.write("<INTERRUPT>\r\n=> ");
            } else if (c != '\r') {
                typed_ += c;
                pty_.write(std::string(1, c));
            } else {
                pty_.write("\r\n");
                const std::string command = typed_;
                typed_.clear();
                if (command.starts_with("bootm") && !plan_.refuses_boot) {
                    boot();
                    return;
                }
                obey(command);
                pty_.write("=> ");
            }
        }
    }

    void obey(const std::string& line) {
        const std::size_t cut = line.find("; echo status=$?");
        if (line.empty()) {
            return;
        }
        const bool ok = run(line.substr(0, cut));
        if (cut != std::string::npos) {
            pty_.write(fmt::format("status={}\r\n", ok ? 0 : 1));
        }
    }

    bool run(const std::string& command) {
        std::istringstream stream(command);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        const std::string& verb = words.front();
        if (verb == "version") {
            pty_.write("U-Boot 2023.01 (a fake)\r\n");
        } else if (verb == "setenv") {
            if (words.at(1) == "bootargs") {
                const std::string value = command.substr(std::string("setenv bootargs ").size());
                constexpr std::string_view kMore = "${bootargs}";
                arguments_ =
                    value.starts_with(kMore) ? arguments_ + value.substr(kMore.size()) : value;
            }
        } else if (verb == "printenv") {
            pty_.write(fmt::format("filesize={:x}\r\n", size_));
        } else if (verb == "crc32") {
            const std::string& bytes = memory_[words.at(1)];
            pty_.write(fmt::format("crc32 for {} ... ==> {:08x}\r\n", words.at(1),
                                   measure::crc32(std::as_bytes(std::span(bytes)))));
        } else if (verb == "fatsize" || verb == "fatload") {
            const bool load = verb == "fatload";
            const auto file = plan_.card.find(words.at(load ? 4 : 3));
            if (words.at(1) != "virtio" || words.at(2) != "0:1" || file == plan_.card.end()) {
                pty_.write("** Unable to read file **\r\n");
                return false;
            }
            size_ = file->second.size();
            if (load) {
                memory_[words.at(3)] = file->second;
            }
        } else if (verb == "fatwrite") {
            ++writes_;
            if (!plan_.forgets_writes) {
                plan_.card[words.at(4)] = memory_[words.at(3)];
            }
        } else if (verb == "tftpboot") {
            memory_[words.at(1)] = served;
            size_ = served.size();
        } else if (verb == "bootm") {
            pty_.write("Wrong Image Format for bootm command\r\n");
            return false;
        } else if (verb != "virtio" && verb != "dhcp") {
            pty_.write(fmt::format("Unknown command '{}'\r\n", verb));
            return false;
        }
        return true;
    }

    void boot() {
        runs_ = true;
        pty_.write("Starting kernel ...\r\n\r\n");
        const std::string all = plan_.log + (plan_.lingers ? std::string(kLingers) + "\r\n" : "");
        const std::string sent = line_.pass(all);
        if (plan_.cut_at == 0) {
            pty_.write(sent);
            return;
        }
        pty_.write(sent.substr(0, plan_.cut_at));
        // What was sent is to be read before the port goes away.
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        pty_.pull_out();
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        pty_.plug_in();
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        pty_.write(sent.substr(std::min(sent.size(), plan_.cut_at + plan_.cut_bytes)));
    }

  public:
    std::string served;  ///< what the TFTP server has

  private:
    FakeBoardPlan plan_;
    Pty pty_;
    FakeTarget target_;
    BadLine line_;
    std::string typed_, arguments_;
    std::map<std::string, std::string> memory_;
    std::size_t size_ = 0;
    unsigned writes_ = 0;
    std::chrono::steady_clock::time_point hears_from_;
    bool runs_;
    std::atomic<bool> told_to_end_{false};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace hm::host::testing
