#pragma once

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace junctionctl {

/// The one way for words to a terminal: everything written here goes on through printable(), so that no text
/// from outside steers the terminal, whoever forgot it. Line feeds and tabs pass; what must stay within its
/// line (a cell, a message) goes through printable() before. Not for several threads at once, as no stream
/// is.
class Door final : public std::streambuf {
 public:
  explicit Door(std::ostream& to) : to_(to) {}

  /// The stream behind, once all that came before has reached it.
  std::ostream& behind();

  bool coloured = false;  ///< whether our own colours are shown (tools/output/colour.hpp)

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  void release();

  std::ostream& to_;
  std::string begun_;  ///< the first bytes of a character whose rest is still to come
};

/// A stream with a door before it.
class GuardedStream final : public std::ostream {
 public:
  explicit GuardedStream(std::ostream& to) : std::ostream(nullptr), door_(to) { rdbuf(&door_); }
  ~GuardedStream() override { flush(); }
  GuardedStream(const GuardedStream&) = delete;
  GuardedStream& operator=(const GuardedStream&) = delete;

 private:
  Door door_;
};

/// Past the door: for what is promised byte for byte (logs as the pods wrote them) and for our own control
/// sequences. `out` itself where it has no door.
std::ostream& verbatim(std::ostream& out);

}  // namespace junctionctl
