#include "tools/completion/candidates.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/cli/run.hpp"

namespace junctionctl::completion {
namespace {

/// What the program answers a shell, without the descriptions: "patch :4".
std::string offered(std::vector<const char*> words) {
  words.insert(words.begin(), "__complete");
  const Outcome outcome = run(words);
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  std::string texts;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);)
    texts += (texts.empty() ? "" : " ") + line.substr(0, line.find('\t'));
  return texts;
}

}  // namespace

TEST_CASE("what can be typed next is offered, and nothing else") {
  struct Row {
    std::vector<const char*> words;
    const char* offered;
  };
  const std::vector<Row> rows = {
      {{"pa"}, "patch :4"},
      {{"ver"}, "version :4"},
      {{"--he"}, "--help :4"},
      {{"--names"}, "--namespace :4"},
      {{"help", "gen"}, "generate :4"},
      {{"-n", "shop", "pa"}, "patch :4"},
      {{"-n", "shop", "patch", "--rem"}, "--remove :4"},
      {{"patch", "--hash-q"}, "--hash-query :4"},
      {{"patch", "--dry-run", ""}, "none client server :4"},
      {{"patch", "--dry-run", "c"}, "client :4"},
      {{"patch", "--dry-run=c"}, "--dry-run=client :4"},
      {{"patch", "-o", ""}, "name json yaml :4"},
      {{"patch", "--lb", "R"}, "RingHash RoundRobin :4"},
      {{"patch", "-f", ""}, ":0"},
      {{"patch", "--filename="}, ":0"},
      {{"patch", "--port", ""}, ":4"},
      {{"explain", "--impl", "en"}, "envoy :4"},
      {{"explain", "--severity", ""}, "info warning error :4"},
      {{"explain", "--report", "x"}, ":0"},
      {{"generate", "--by", ""}, "query endpoint code :4"},
      {{"generate", "--by", "query,en"}, "query,endpoint :4"},
      {{"generate", "--engine=e"}, "--engine=epoll :4"},
      {{"merge", ""}, ":0"},
      {{"completion", ""}, "bash zsh fish :4"},
      {{"nonsense", "x"}, ":4"},
      {{"version", "file"}, ":4"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.offered);
    CAPTURE(row.words.back());
    CHECK(offered(row.words) == row.offered);
  }
}

TEST_CASE("a candidate comes with what it is") {
  CHECK(run({"__complete", "pat"}).out ==
        "patch\tSet or remove the load-balancing policy of a Service's port\n:4\n");
  CHECK(run({"__complete", "scale", "--repl"}).out ==
        "--replicas\tThe number of replicas wanted, 0 or more\n:4\n");
}

TEST_CASE("names are looked up where a name belongs, with the flags that say where") {
  struct Row {
    std::vector<std::string> words;
    NameKind kind;
    std::string offered;
  };
  CLI::App app;
  CLI::App* const patch = app.add_subcommand("patch");
  CLI::App* const scale = app.add_subcommand("scale");
  CLI::App* const logs = app.add_subcommand("logs");
  for (CLI::App* verb : {patch, scale, logs})
    for (const char* flag : {"-n,--namespace", "--context", "--cluster", "--user", "-s,--server"})
      verb->add_option(flag);
  for (const Row& row : {
           Row{{"patch", ""}, NameKind::service, "service/shop"},
           Row{{"patch", "service/s"}, NameKind::service, "service/shop"},
           Row{{"patch", "service/x"}, NameKind::service, ""},
           Row{{"patch", "-n", "x", "ser"}, NameKind::service, "service/shop"},
           Row{{"patch", "-n", ""}, NameKind::namespace_, "shop"},
           Row{{"patch", "--namespace=s"}, NameKind::namespace_, "--namespace=shop"},
           Row{{"--context", ""}, NameKind::context, "shop"},
           Row{{"scale", "--cluster", ""}, NameKind::cluster, "shop"},
           Row{{"scale", "--user", ""}, NameKind::user, "shop"},
           Row{{"scale", ""}, NameKind::deployment, "deployment/shop"},
           Row{{"logs", ""}, NameKind::deployment, "deployment/shop"},
           Row{{"logs", "pod/"}, NameKind::pod, "pod/shop"},
       }) {
    CAPTURE(row.offered);
    CAPTURE(row.words.back());
    const auto names = [&](NameKind kind, const std::vector<std::string>& before) {
      CHECK(before.size() + 1 == row.words.size());
      return kind == row.kind ? std::vector<std::string>{"shop"} : std::vector<std::string>{};
    };
    std::string offered;
    for (const auto& one : candidates(app, row.words, names).list) offered += one.text;
    CHECK(offered == row.offered);
  }
}

}  // namespace junctionctl::completion
