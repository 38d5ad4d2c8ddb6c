#pragma once

#include <iosfwd>
#include <string>

namespace junctionctl {

/// What a verb may touch of the process around it. Tests pass string streams; main passes the real ones.
struct Io {
  std::istream& in;
  std::ostream& out;  ///< results; a verb's has a door before it (tools/output/door.hpp)
  std::ostream& err;  ///< everything else; likewise
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::string help = "junctionctl --help";  ///< the command that a wrong command line is pointed to
};

}  // namespace junctionctl
