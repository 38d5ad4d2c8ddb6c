#pragma once

#include "edge/sandbox/connection_registry.hpp"
#include "edge/sandbox_loader.hpp"
#include "junction/sandbox.hpp"

namespace junction::sandbox {

/// What Sandbox::start() comes down to once this library is loaded.
/// `limits` are for tests.
Result<std::unique_ptr<Sandbox>> start(SandboxOptions options, ConnectionLimits limits = {});

}  // namespace junction::sandbox
