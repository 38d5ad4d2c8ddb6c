#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/run.hpp"
#include "tools/exit_code.hpp"

namespace junctionctl {
namespace {

using Words = std::set<std::string>;

const std::filesystem::path root = PROJECT_ROOT;
const std::vector<std::string> verbs = {"patch", "explain", "generate", "merge",     "sandbox",
                                        "scale", "logs",    "version",  "completion"};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.good(), path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string help_of(const std::string& verb) {
  return run({verb.c_str(), "--help"}).out;
}

Words all(const std::string& text, const std::regex& pattern) {
  Words found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

// The flags that lines of --help begin with: "  -o, --output FORMAT".
Words flags_in_help(const std::string& help) {
  Words flags;
  static const std::regex option("(?:^|\n) {2,6}(-[^ ].*)"), flag("(--?[A-Za-z][A-Za-z0-9-]*)");
  for (const std::string& line : all(help, option)) {
    const Words names = all(line.substr(0, line.find("  ")), flag);
    flags.insert(names.begin(), names.end());
  }
  return flags;
}

Words long_flags(const std::string& text) {
  static const std::regex flag("(?:^|[^A-Za-z0-9-])(--[a-z][a-z0-9-]*)");
  return all(text, flag);
}

bool names(const std::string& page, const std::string& flag) {
  return std::regex_search(page, std::regex("(^|[^A-Za-z0-9-])" + flag + "([^A-Za-z0-9-]|$)"));
}

// As others' programs have them, and a slip that a page shows.
const Words of_others = {"--all",    "--build",      "--cflags", "--duraton", "--fix",   "--install",
                         "--libs",   "--patch-file", "--prefix", "--preset",  "--quick", "--runs",
                         "--target", "--type",       "--update", "--validate"};

std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> found = {root / "README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs"))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  return found;
}

}  // namespace

TEST_CASE("every flag is on the page of its verb, or with those of the cluster") {
  const std::string cluster = text_of(root / "docs/kubernetes.md");
  for (const std::string& verb : verbs) {
    if (verb == "version") continue;  // it has no page
    const std::string page = text_of(root / ("docs/" + verb + ".md"));
    const Words flags = flags_in_help(help_of(verb));
    CAPTURE(verb);
    CHECK(flags.size() >= 2);
    for (const std::string& flag : flags) {
      if (flag == "-h" || flag == "--help") continue;
      CAPTURE(flag);
      CHECK((names(page, flag) || names(cluster, flag)));
    }
  }
}

TEST_CASE("every flag on a page exists") {
  Words known = of_others;
  for (const std::string& verb : verbs) known.merge(flags_in_help(help_of(verb)));
  known.merge(flags_in_help(run({"--help"}).out));
  for (const auto& path : pages()) {
    for (const std::string& flag : long_flags(text_of(path))) {
      CAPTURE(path.filename().string());
      CAPTURE(flag);
      CHECK(known.count(flag) == 1);
    }
  }
}

TEST_CASE("the README leads to every page") {
  const std::string readme = text_of(root / "README.md");
  for (const auto& path : pages()) {
    if (path.extension() != ".md" || path.filename() == "README.md") continue;
    CAPTURE(path.filename().string());
    CHECK(readme.find("docs/" + path.filename().string()) != std::string::npos);
  }
}

TEST_CASE("every exit code and what the environment decides is written down") {
  const std::string codes = text_of(root / "docs/exit-codes.md");
  for (const int code : {exit_done, exit_failed, exit_usage, exit_check_failed, exit_sighup, exit_sigint,
                         exit_sigpipe, exit_sigterm}) {
    CAPTURE(code);
    CHECK(names(codes, std::to_string(code)));
  }
  CHECK(names(text_of(root / "docs/junctionctl.md"), "NO_COLOR"));
  CHECK(names(text_of(root / "docs/kubernetes.md"), "KUBECONFIG"));
}

}  // namespace junctionctl
