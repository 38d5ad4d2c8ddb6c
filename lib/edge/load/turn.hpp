#pragma once

#include <cstddef>

namespace junction::load {

/// How much an engine does between two looks at the schedule, the timeouts and the stop. What a turn leaves
/// undone is the next one's: a server that sends as fast as it is read does not decide when anything else
/// happens.
class Turn {
 public:
  void begin() { spent_ = 0; }

  /// A read or write of so many bytes. A thousand small ones are a turn as well.
  void spend(std::size_t bytes) { spent_ += bytes + a_call; }
  void spend_handshake() { spent_ += a_handshake; }
  [[nodiscard]] bool over() const { return spent_ >= most; }

 private:
  // Bytes stand for time: of plain bodies this is a tenth of a millisecond, of HPACK's dearest ten.
  static constexpr std::size_t most = 256 * 1024;
  static constexpr std::size_t a_call = 256;
  static constexpr std::size_t a_handshake = 32 * 1024;  // public keys cost tenths of a millisecond each

  std::size_t spent_ = 0;
};

}  // namespace junction::load
