#include "tools/version/version.hpp"

#include <fmt/format.h>

#include <ostream>

namespace junctionctl::version {

std::string_view version_number() {
  return JUNCTION_VERSION;
}

std::string version_line() {
  return fmt::format("junctionctl {}", version_number());
}

void add(CLI::App& app, Run& chosen) {
  CLI::App* const version = app.add_subcommand("version", "Print the version");
  version->callback([&chosen] {
    chosen = [](Io& io) {
      io.out << version_line() << '\n';
      return 0;
    };
  });
}

}  // namespace junctionctl::version
