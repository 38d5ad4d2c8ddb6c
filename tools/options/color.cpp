#include "tools/options/color.hpp"

#include "tools/options/one_of.hpp"

namespace junctionctl {

CLI::Option* add_color_option(CLI::App& verb, std::string& when) {
  return verb
      .add_option("--color", when, "auto, always or never; auto colours on a terminal, and heeds NO_COLOR")
      ->check(one_of({"auto", "always", "never"}))
      ->type_name("WHEN")
      ->capture_default_str();
}

}  // namespace junctionctl
