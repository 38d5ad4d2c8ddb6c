#include "edge/sandbox_loader.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace junction {
namespace {

constexpr const char* library = "libjunction-sandbox.so.0";  // found by our RUNPATH, next to ourselves

}  // namespace

Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options) {
  // Never unloaded: its threads' last instructions and its objects' destructors lie in it.
  void* const loaded = ::dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* const entry = loaded ? ::dlsym(loaded, "junction_start_sandbox") : nullptr;
  if (!entry)
    return Error{
        ErrorKind::unsupported,
        fmt::format("the sandbox is not installed: {} (it belongs next to libjunction.so)", ::dlerror())};
  StartedSandbox started = Error{};
  reinterpret_cast<decltype(&junction_start_sandbox)>(entry)(&options, &started);
  return started;
}

}  // namespace junction
