#include "tools/output/terminal.hpp"

#include <sys/ioctl.h>

#include <algorithm>

namespace junctionctl {

std::size_t terminal_columns(int descriptor) {
  constexpr std::size_t least = 20, usual = 80;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::max<std::size_t>(size.ws_col, least);
}

}  // namespace junctionctl
