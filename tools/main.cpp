#include <poll.h>
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

bool nobody_reads() {
  pollfd output{.fd = STDOUT_FILENO, .events = POLLOUT, .revents = 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

// "... | head" has seen enough, which is no failure to complain of: the end that every program has there.
[[noreturn]] void leave_by_broken_pipe() {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::_Exit(junctionctl::exit_sigpipe);  // where the signal is blocked
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // Neither a closed pipe nor a file that has grown too large ends the process in the middle: files that were
  // asked for are still written, and connections still closed.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  junctionctl::Io io{std::cin, std::cout, std::cerr, isatty(0) == 1, isatty(1) == 1, isatty(2) == 1};
  const int code = junctionctl::run_cli(argc, argv, io);
  std::cout.flush();
  if (!std::cout && nobody_reads()) leave_by_broken_pipe();
  if (!std::cout && code == 0) {
    std::cerr << "junctionctl: could not write the result to standard output\n";
    leave(junctionctl::exit_failed);
  }
  leave(code);
}
