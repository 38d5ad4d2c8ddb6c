#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/run.hpp"
#include "tools/help/help_page.hpp"

namespace junctionctl {
namespace {

const std::vector<const char*> verbs = {"patch", "explain", "generate", "merge",     "sandbox",
                                        "scale", "logs",    "version",  "completion"};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Without line breaks.
std::string flat(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += word + ' ';
  return line;
}

}  // namespace

TEST_CASE("help fits into 80 columns and speaks no language of a library's") {
  std::vector<std::vector<const char*>> calls = {{"--help"}, {"help"}};
  for (const char* verb : verbs) calls.push_back({verb, "--help"});
  for (const auto& call : calls) {
    const Outcome outcome = run(call);
    CAPTURE(call.front());
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= help::page_width);
      CHECK((line.empty() || line.back() != ' '));
      for (const char* raw :
           {"TEXT", "INT", "FLOAT", "UINT", "REQUIRED", "[0 - ", ":{", "Needs", "Excludes", "Positionals"})
        CHECK_FALSE(has(line, raw));
    }
  }
}

TEST_CASE("the help of a verb says how it is called, with examples, what is required and what is usual") {
  for (const char* verb : verbs) {
    const std::string help = run({"help", verb}).out;
    CAPTURE(verb);
    CHECK(help == run({verb, "--help"}).out);
    CHECK(help == run({verb, "-h"}).out);
    CHECK(has(help, std::string("Usage:\n  junctionctl ") + verb));
    CHECK((has(help, "\nExamples:\n") || verb == std::string("version")));
    CHECK(has(help, "  -h, --help"));
  }
  CHECK(has(flat(run({"help", "scale"}).out), "0 or more (required)"));
  CHECK(has(flat(run({"help", "patch"}).out), "(required without -f)"));
  CHECK(has(flat(run({"help", "generate"}).out), "(default 30)"));
  const std::string patch = run({"help", "patch"}).out;
  CHECK(patch.find(help::cluster_group) > patch.find("--hash-query"));  // the verb's own come first
}

TEST_CASE("without a word it says how it is called, as a failure") {
  const Outcome outcome = run({});
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err == run({"--help"}).out);
  for (const char* verb : verbs) CHECK(has(outcome.err, std::string("\n  ") + verb + " "));
}

TEST_CASE("as a plugin of kubectl it is called by kubectl's name") {
  std::istringstream in;
  std::ostringstream out, err;
  Io io{in, out, err};
  const char* const words[] = {"/usr/bin/kubectl-junction", "patch", "--help"};
  CHECK(run_cli(3, words, io) == 0);
  CHECK(has(out.str(), "\n  kubectl junction patch service/NAME"));
  const char* const wrong[] = {"kubectl-junction", "patch", "--prot", "80"};
  CHECK(run_cli(4, wrong, io) == 2);
  CHECK(has(err.str(), "(see kubectl junction patch --help)"));
}

TEST_CASE("the version is asked for in every usual way") {
  const std::string line = run({"version"}).out;
  CHECK(line.starts_with("junctionctl "));
  CHECK(run({"--version"}).out == line);
  CHECK(run({"-V"}).out == line);
  CHECK(run({"version", "-o", "json"})
            .out.starts_with("{\n  \"schema\": \"junctionctl.version/1\",\n  \"version\": \""));
  CHECK(run({"version", "-o=yaml"}).out.starts_with("schema: junctionctl.version/1\nversion: "));
}

TEST_CASE("long lines are broken at spaces, and words never") {
  CHECK(help::wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(help::wrapped("a-word-without-end b", 7) == std::vector<std::string>{"a-word-without-end", "b"});
  CHECK(help::wrapped("", 7).empty());
}

}  // namespace junctionctl
