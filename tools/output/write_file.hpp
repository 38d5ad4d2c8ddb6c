#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "junction/result.hpp"

namespace junctionctl {

/// Whether write_file() could write `path`: asked before a run, not found out after ten minutes of load.
/// Opens nothing: a file that is there stays as it is until there is a result. An empty path is no file.
junction::Result<void> check_writable(const std::string& path);

/// Writes what `write` puts out to a new file beside `path` and renames it, so that a failure leaves the old
/// file as it was and nobody sees half of the new one. A link at `path` is replaced, not followed; a device
/// or pipe is written to, and so is what /dev/stdout, /dev/stderr and /dev/fd/N lead to.
junction::Result<void> write_file(const std::string& path, const std::function<void(std::ostream&)>& write);

}  // namespace junctionctl
