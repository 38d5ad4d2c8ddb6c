#pragma once

#include "junction/sandbox.hpp"

namespace junction {

using StartedSandbox = Result<std::unique_ptr<Sandbox>>;

}  // namespace junction

#define JUNCTION_SANDBOX_ENTRY __attribute__((visibility("default")))

/// The one symbol of libjunction-sandbox.so. Pointers, as C linkage is what dlsym() can find by name.
extern "C" JUNCTION_SANDBOX_ENTRY void junction_start_sandbox(junction::SandboxOptions* options,
                                                              junction::StartedSandbox* started);
