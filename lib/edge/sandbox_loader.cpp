#include "edge/sandbox_loader.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <string>

namespace junction {
namespace {

constexpr const char* library = "libjunction-sandbox.so.0";

// Next to ourselves. Not by a RUNPATH: with one, everything that libjunction needs would be looked for here
// first.
std::string path_of_library() {
  static const char here = 0;
  Dl_info us{};
  ::dladdr(&here, &us);
  const std::string own = us.dli_fname ? us.dli_fname : "";
  return own.substr(0, own.rfind('/') + 1) + library;
}

}  // namespace

Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options) {
  // Never unloaded: its threads' last instructions and its objects' destructors lie in it.
  void* const loaded = ::dlopen(path_of_library().c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
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
