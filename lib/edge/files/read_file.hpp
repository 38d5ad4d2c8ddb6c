#pragma once

#include <string>

#include "junction/result.hpp"

namespace junction {

/// Why a file could not be read; `error` is an errno.
[[nodiscard]] Error cannot_read(const std::string& path, int error);

}  // namespace junction
