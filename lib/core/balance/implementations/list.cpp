#include "core/balance/implementations/list.hpp"

#include <array>

namespace junction {

bool Implementation::hashes_bare_values(std::span<const HashParam>) const {
  return false;
}

std::span<const Implementation* const> implementations() {
#define JUNCTION_ADDRESS(NAME) &NAME##_implementation(),
  static const std::array all{JUNCTION_IMPLEMENTATIONS(JUNCTION_ADDRESS)};
#undef JUNCTION_ADDRESS
  return all;
}

const Implementation* find_implementation(std::string_view name) {
  for (const Implementation* const implementation : implementations())
    if (implementation->name() == name) return implementation;
  return nullptr;
}

}  // namespace junction
