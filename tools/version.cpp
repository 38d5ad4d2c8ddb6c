#include "tools/version.hpp"

#include <fmt/format.h>

#include <ostream>

namespace junctionctl {

std::string version_line() {
  return fmt::format("junctionctl {}", JUNCTION_VERSION);
}

void add_version(CLI::App& app, Run& chosen) {
  CLI::App* const version = app.add_subcommand("version", "Print the version");
  version->callback([&chosen] {
    chosen = [](Io& io) {
      io.out << version_line() << '\n';
      return 0;
    };
  });
}

}  // namespace junctionctl
