#include <unistd.h>

#include <csignal>
#include <iostream>

#include "tools/cli.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error on the stream, not the end of the process
  junctionctl::Io io{std::cin, std::cout, std::cerr, isatty(0) == 1, isatty(1) == 1, isatty(2) == 1};
  const int code = junctionctl::run_cli(argc, argv, io);
  std::cout.flush();
  if (!std::cout && code == 0) {
    std::cerr << "junctionctl: could not write the result to standard output\n";
    return 1;
  }
  return code;
}
