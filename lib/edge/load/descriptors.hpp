#pragma once

#include "junction/load/plan.hpp"
#include "junction/result.hpp"

namespace junction::load {

/// Raises this process's soft limit of open files to what the connections need; with a balancer, whose
/// endpoints may come to be any number, as far as it goes. Fails with the remedy where the hard limit is
/// below what is needed at least.
Result<void> ensure_descriptors(const Plan& plan);

}  // namespace junction::load
