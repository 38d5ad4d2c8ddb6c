#pragma once

#include <utility>

#include "junction/result.hpp"

/// Passes an expected failure on to the caller, for functions that return a Result themselves:
///
///   JUNCTION_TRY(check_port(port));                               // Result<void>
///   JUNCTION_TRY_ASSIGN(const Policy policy, read_policy(text));  // the value, or return its error
///
/// The second declares what it names in the block that it stands in. Where the place belongs in the message,
/// ask the Result itself and return `std::move(result).error().at(where)`.
#define JUNCTION_TRY(expression)                                                                          \
  do {                                                                                                    \
    if (auto junction_result = (expression); !junction_result) return std::move(junction_result).error(); \
  } while (false)

#define JUNCTION_TRY_ASSIGN(target, ...) \
  JUNCTION_TRY_ASSIGN_1(JUNCTION_TRY_NAME(junction_result_, __LINE__), target, (__VA_ARGS__))
#define JUNCTION_TRY_ASSIGN_1(result, target, expression) \
  auto result = expression;                               \
  if (!result) return std::move(result).error();          \
  target = std::move(result).value()
#define JUNCTION_TRY_NAME(prefix, line) JUNCTION_TRY_NAME_1(prefix, line)
#define JUNCTION_TRY_NAME_1(prefix, line) prefix##line
