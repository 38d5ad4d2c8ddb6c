#pragma once

#include "junction/implementation.hpp"

/// Every implementation, in the order `--impl` lists them: one line each. ITEM(x) stands for
/// x_implementation(), which lives in implementations/x.cpp.
#define JUNCTION_IMPLEMENTATIONS(ITEM) \
  ITEM(junction)                       \
  ITEM(junction_rust_1_81)             \
  ITEM(envoy)                          \
  ITEM(grpc)                           \
  ITEM(grpc_cpp)                       \
  ITEM(grpc_java)                      \
  ITEM(maglev)

namespace junction {

#define JUNCTION_DECLARE(NAME) const Implementation& NAME##_implementation();
JUNCTION_IMPLEMENTATIONS(JUNCTION_DECLARE)
#undef JUNCTION_DECLARE

}  // namespace junction
