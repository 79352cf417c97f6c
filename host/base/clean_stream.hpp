#pragma once
// An output stream for people's terminals, which no byte can command.

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace hm::host {

/// Passes text on as it comes, with a '?' for each control byte but the end of a line and the tab,
/// and for each byte that is no UTF-8.
class CleanBuffer final : public std::streambuf {
  public:
    explicit CleanBuffer(std::ostream& to) : to_(to) {}

    /// errno of the first write that failed, or 0.
    [[nodiscard]] int error() const { return error_; }

  protected:
    int_type overflow(int_type character) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

  private:
    void take(char character);
    void pass(std::string_view text);

    std::ostream& to_;
    std::string sequence_;  ///< of UTF-8, as far as it has come
    std::size_t due_ = 0;   ///< how many bytes of it are still to come
    int error_ = 0;
};

class CleanStream final : public std::ostream {
  public:
    explicit CleanStream(std::ostream& to) : std::ostream(nullptr), buffer_(to) { init(&buffer_); }

    [[nodiscard]] int error() const { return buffer_.error(); }

  private:
    CleanBuffer buffer_;
};

}  // namespace hm::host
