#include "tools/version/version.hpp"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "junction/documents.hpp"
#include "tools/help/help_page.hpp"
#include "tools/options/cluster.hpp"
#include "tools/options/one_of.hpp"

namespace junctionctl::version {

std::string_view version_number() {
  return JUNCTION_VERSION;
}

std::string version_line() {
  return fmt::format("junctionctl {}", version_number());
}

void add(CLI::App& app, Run& chosen) {
  CLI::App* const version = app.add_subcommand("version", "Print the version");
  help::describe(*version, {.usage = "junctionctl version [-o FORMAT]", .examples = ""});
  const auto output = std::make_shared<std::string>();
  version->add_option("-o,--output", *output, "json or yaml")
      ->transform(without_equals)
      ->check(one_of({"json", "yaml"}))
      ->type_name("FORMAT");
  version->callback([output, &chosen] {
    chosen = [output](Io& io) {
      const nlohmann::ordered_json facts{{"schema", "junctionctl.version/1"}, {"version", version_number()}};
      if (*output == "json")
        io.out << facts.dump(2) << '\n';
      else if (*output == "yaml")
        io.out << junction::to_yaml(facts);
      else
        io.out << version_line() << '\n';
      return 0;
    };
  });
}

}  // namespace junctionctl::version
