#pragma once

#include "junction/result.hpp"

namespace junctionctl {

/// One table for the whole suite; docs/exit-codes.md has the same in words.
enum ExitCode : int {
  exit_done = 0,
  exit_failed = 1,        ///< it failed; the reason is on stderr
  exit_usage = 2,         ///< the command line is wrong
  exit_check_failed = 3,  ///< it ran, and a check that was asked for does not hold
  exit_sighup = 129,      ///< sandbox: the terminal is gone
  exit_sigint = 130,
  exit_sigpipe = 141,  ///< nobody reads the result any more: ... | head
  exit_sigterm = 143,
};

inline int exit_code(junction::ErrorKind kind) {
  return kind == junction::ErrorKind::usage ? exit_usage : exit_failed;
}

}  // namespace junctionctl
