#include "tools/fail.hpp"

#include <fmt/ostream.h>

#include <ostream>

#include "tools/exit_code.hpp"

namespace junctionctl {

int fail(Io& io, const junction::Error& error) {
  const char* const hint = error.kind == junction::ErrorKind::usage ? " (see junctionctl --help)" : "";
  fmt::print(io.err, "junctionctl: {}{}\n", error.message, hint);
  return exit_code(error.kind);
}

}  // namespace junctionctl
