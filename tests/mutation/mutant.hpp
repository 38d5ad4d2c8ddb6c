// Included by force into every source of a mutation build: says which of the mutants that are compiled in is alive.
#pragma once

#include <cstdlib>
#include <type_traits>

inline bool junction_mutant(int number) {
  static const int alive = [] {
    const char* const chosen = std::getenv("JUNCTION_MUTANT");
    return chosen ? std::atoi(chosen) : 0;
  }();
  return alive == number;
}

// Constant expressions keep their value.
#define JUNCTION_MUTANT(number) (!std::is_constant_evaluated() && junction_mutant(number))
