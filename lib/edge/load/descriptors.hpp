#pragma once

#include "junction/load/plan.hpp"
#include "junction/result.hpp"

namespace junction::load {

/// Raises this process's soft limit of open files to what the connections need. Fails with the remedy where
/// the hard limit is below that.
Result<void> ensure_descriptors(const Transport& transport);

}  // namespace junction::load
