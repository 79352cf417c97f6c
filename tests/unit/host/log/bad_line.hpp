#pragma once
// A target that repeats its records, and a line that damages what it carries.

#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "host/log/capture.hpp"
#include "host/log/log_parser.hpp"
#include "measure/repeat.hpp"

namespace hm::host::testing {

/// The records of a whole run as a capture puts them together: a line each, without words.
inline std::string records_of(const std::string& log) {
    std::istringstream lines(log);
    std::string records;
    for (std::string line; std::getline(lines, line);) {
        line.erase(line.find_last_not_of('\r') + 1);
        records += record_body(line) ? line + "\n" : "";
    }
    return records;
}

/// A target that has sent its log and lingers.
class FakeTarget {
  public:
    explicit FakeTarget(const std::string& log) : log_(log), memory_(log.size()) {
        for (const char c : records_of(log)) {
            records_.put(c);
        }
    }
    FakeTarget(const FakeTarget&) = delete;
    FakeTarget& operator=(const FakeTarget&) = delete;

    [[nodiscard]] const std::string& log() const { return log_; }

    /// What it answers to bytes that came over the line.
    std::string take(const std::string& bytes) {
        std::string answer;
        for (const char c : bytes) {
            if (c != '\n' && c != '\r') {
                request_ += c;
                continue;
            }
            answer += answer_to(request_);
            request_.clear();
        }
        return answer;
    }

    unsigned answered = 0;

  private:
    std::string answer_to(const std::string& request) {
        std::string answer;
        auto to_line = [&answer](char c) { answer += c == '\n' ? "\r\n" : std::string(1, c); };
        if (!measure::put_piece(to_line, records_, request)) {
            return std::string(kWhat) + "\r\n";
        }
        ++answered;
        return answer;
    }

    std::string log_;
    std::vector<char> memory_;
    measure::RecordLog records_{memory_};
    std::string request_;
};

/// Drops, flips and doubles bytes, each of them this often.
class BadLine {
  public:
    BadLine(unsigned seed, double rate) : random_(seed), rate_(rate) {}

    std::string pass(const std::string& bytes) {
        std::string out;
        std::uniform_real_distribution<double> often(0, 1);
        for (const char c : bytes) {
            const double lot = often(random_);
            if (lot < rate_) {
                continue;
            }
            const bool flip = lot < 2 * rate_;
            out += flip ? static_cast<char>(c ^ (1 << (random_() % 8))) : c;
            if (!flip && lot < 3 * rate_) {
                out += c;
            }
        }
        return out;
    }

  private:
    std::mt19937 random_;
    double rate_;
};

}  // namespace hm::host::testing
