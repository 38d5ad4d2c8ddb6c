#include "tools/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace junctionctl {
namespace {

// A signal handler reaches nothing but globals.
std::atomic<junction::Stop*> target{nullptr};
std::atomic<int> received{0};

void handle(int number) {
  if (received.exchange(number) != 0) {
    if (isatty(STDERR_FILENO) == 1) [[maybe_unused]]
      const auto written = write(STDERR_FILENO, "\n", 1);  // not behind the live line
    _exit(128 + number);
  }
  if (junction::Stop* const stop = target.load()) stop->request();
}

void set_handler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt(junction::Stop& stop) {
  received = 0;
  target = &stop;
  set_handler(handle);
}

Interrupt::~Interrupt() {
  set_handler(SIG_DFL);
  target = nullptr;
}

int Interrupt::signal() {
  return received.load();
}

}  // namespace junctionctl
