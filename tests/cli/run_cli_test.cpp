#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/cli/run.hpp"

namespace junctionctl {

TEST_CASE("help and version are results, not errors") {
  for (const char* flag : {"--help", "--version"}) {
    CAPTURE(flag);
    const Outcome outcome = run({flag});
    CHECK(outcome.code == 0);
    CHECK_FALSE(outcome.out.empty());
    CHECK(outcome.err.empty());
  }
}

TEST_CASE(
    "a wrong command line is one line that names the first fault, what was meant, and the help to read") {
  struct Row {
    std::vector<const char*> words;
    const char* says;
  };
  const std::vector<Row> rows = {
      // verbs
      {{"ptach"}, "unknown command 'ptach'; did you mean 'patch'? (see junctionctl --help)"},
      {{"generat", "--duration", "10"},
       "unknown command 'generat'; did you mean 'generate'? (see junctionctl --help)"},
      {{"get", "pods"}, "unknown command 'get' (see junctionctl --help)"},
      {{"help", "ptach"}, "unknown command 'ptach'; did you mean 'patch'? (see junctionctl --help)"},
      {{"hlep"}, "unknown command 'hlep'; did you mean 'help'? (see junctionctl --help)"},
      {{"--verson"}, "unknown flag '--verson'; did you mean '--version'? (see junctionctl --help)"},
      {{"--namespace", "shop"}, "--namespace is there, but no command (see junctionctl --help)"},
      {{"--namespce=shop", "patch", "a"},
       "unknown flag '--namespce'; did you mean '--namespace'? (see junctionctl patch --help)"},
      // flags
      {{"generate", "--duraton", "3"},
       "unknown flag '--duraton'; did you mean '--duration'? (see junctionctl generate --help)"},
      {{"generate", "--duraton=3", "--perod", "1"},
       "unknown flag '--duraton'; did you mean '--duration'? (see junctionctl generate --help)"},
      {{"scale", "--replica", "3", "deployment/x"},
       "unknown flag '--replica'; did you mean '--replicas'? (see junctionctl scale --help)"},
      {{"explain", "--Query", "red"},
       "unknown flag '--Query'; did you mean '--query'? (see junctionctl explain --help)"},
      {{"patch", "-port", "80"},
       "unknown flag '-port'; did you mean '--port'? (see junctionctl patch --help)"},
      {{"version", "--nope"}, "unknown flag '--nope' (see junctionctl version --help)"},
      {{"version", "-z"}, "unknown flag '-z' (see junctionctl version --help)"},
      {{"generate", "--vals", "--duraton", "--nope"},
       "unknown flag '--nope' (see junctionctl generate --help)"},
      {{"generate", "--duration"}, "--duration needs a value: TIME (see junctionctl generate --help)"},
      {{"patch", "a", "-n"}, "-n needs a value: NAME (see junctionctl patch --help)"},
      // arguments
      {{"version", "extra", "words"}, "version takes no argument 'extra' (see junctionctl version --help)"},
      {{"generate", "extra"}, "generate takes no argument 'extra' (see junctionctl generate --help)"},
      {{"merge"}, "FILE is missing (see junctionctl merge --help)"},
      {{"scale", "deployment/x"}, "--replicas is missing (see junctionctl scale --help)"},
      // values
      {{"generate", "-o", "jsn"},
       "--output: 'jsn' is none of text, json, csv; did you mean 'json'? "
       "(see junctionctl generate --help)"},
      {{"generate", "--by", "querry"},
       "--by: 'querry' is none of query, endpoint, code; did you mean 'query'? "
       "(see junctionctl generate --help)"},
      {{"completion", "zhs"},
       "SHELL: 'zhs' is none of bash, zsh, fish; did you mean 'zsh'? (see junctionctl completion --help)"},
      {{"patch", "a", "--port", "80", "--lb", "RingHsh"},
       "--lb 'RingHsh' is not a policy type: use RingHash, RoundRobin or Unspecified; did you mean "
       "'RingHash'? "
       "(see junctionctl patch --help)"},
      {{"explain", "--endpoints", "10.0.0.1:80", "--impl", "evnoy"},
       "--impl: 'evnoy' is none of junction, junction-rust-1.81, envoy, grpc, grpc-cpp, grpc-java, maglev, "
       "all; did you "
       "mean 'envoy'? (see junctionctl explain --help)"},
      {{"scale", "a", "--replicas", "x"}, "--replicas 'x' is not a number (see junctionctl scale --help)"},
      {{"patch", "a", "-v", "100"}, "--v: '100' is not from 0 to 99 (see junctionctl patch --help)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    const Outcome outcome = run(row.words);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err == std::string("junctionctl: ") + row.says + "\n");
  }
}

}  // namespace junctionctl
