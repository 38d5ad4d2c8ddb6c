#include "tools/fail.hpp"

#include <fmt/ostream.h>

#include <ostream>

#include "junction/printable.hpp"
#include "tools/exit_code.hpp"

namespace junctionctl {

void say(Io& io, std::string_view message) {
  fmt::print(io.err, "junctionctl: {}\n", junction::printable(message));
}

int fail(Io& io, const junction::Error& error) {
  const bool usage = error.kind == junction::ErrorKind::usage;
  say(io, usage ? fmt::format("{} (see {})", error.message, io.help) : error.message);
  return exit_code(error.kind);
}

}  // namespace junctionctl
