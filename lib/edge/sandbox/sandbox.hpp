#pragma once

#include "edge/sandbox_loader.hpp"
#include "junction/sandbox.hpp"

namespace junction::sandbox {

/// What Sandbox::start() comes down to once this library is loaded.
Result<std::unique_ptr<Sandbox>> start(SandboxOptions options);

}  // namespace junction::sandbox
