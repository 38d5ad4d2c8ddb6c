#pragma once

#include <atomic>
#include <iosfwd>

namespace junctionctl {

/// What a verb may touch of the process around it. Tests pass string streams; main passes the real ones.
struct Io {
  std::istream& in;
  std::ostream& out;  ///< results
  std::ostream& err;  ///< everything else
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

}  // namespace junctionctl
