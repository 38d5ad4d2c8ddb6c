#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "tools/cli.hpp"
#include "tools/exit_code.hpp"

namespace {

// All has been said and flushed. To take OpenSSL's tables apart only for the kernel to have their pages back
// would cost a patch five percent of its time; debugging builds do it, as their tools report at exit.
[[noreturn]] void leave(int code) {
#ifdef NDEBUG
  std::_Exit(code);
#else
  std::exit(code);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error on the stream, not the end of the process
  junctionctl::Io io{std::cin, std::cout, std::cerr, isatty(0) == 1, isatty(1) == 1, isatty(2) == 1};
  const int code = junctionctl::run_cli(argc, argv, io);
  std::cout.flush();
  if (!std::cout && code == 0) {
    std::cerr << "junctionctl: could not write the result to standard output\n";
    leave(junctionctl::exit_failed);
  }
  leave(code);
}
