#pragma once
// What a UART must offer as a polled console.

#include <concepts>
#include <optional>

namespace hm::uart {

template <class U>
concept Console = requires(U& uart, char c) {
    { uart.start() } -> std::same_as<void>;  ///< keeps the baud rate that the firmware set
    { uart.put(c) } -> std::same_as<void>;   ///< waits while there is no room
    { uart.drain() } -> std::same_as<void>;  ///< waits until the last character has left
    { uart.get() } -> std::same_as<std::optional<char>>;  ///< does not wait
};

}  // namespace hm::uart
