#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/run.hpp"

namespace junctionctl {
namespace {

using nlohmann::json;

std::vector<json> cases_of(const std::string& file) {
  std::ifstream in(std::string(TEST_DATA) + "/" + file);
  std::vector<json> cases;
  for (std::string line; std::getline(in, line);) cases.push_back(json::parse(line));
  REQUIRE_FALSE(cases.empty());
  return cases;
}

std::string joined(const json& addresses) {
  std::string list;
  for (const json& address : addresses) list += (list.empty() ? "" : ",") + address.get<std::string>();
  return list;
}

json explained(const std::vector<std::string>& words, const std::string& requests) {
  std::vector<const char*> all{"explain"};
  for (const std::string& word : words) all.push_back(word.c_str());
  for (const char* word : {"--requests", "-", "-o", "json"}) all.push_back(word);
  const Outcome outcome = run(all, requests);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return json::parse(outcome.out);
}

}  // namespace

TEST_CASE("explain answers every request of Junction's own vectors, in order") {
  for (const json& vector : cases_of("junction-ring-hash.jsonl")) {
    CAPTURE(vector["name"].get<std::string>());
    std::string requests;
    for (const json& request : vector["requests"]) {
      json line{{"url", request["url"]}};
      if (request.contains("headers")) line["headers"] = request["headers"];
      requests += line.dump() + "\n";
    }
    const json report =
        explained({"--endpoints", joined(vector["endpoints"]), "--lb", vector["policy"].dump()}, requests);
    REQUIRE(report["requests"].size() == vector["requests"].size());
    for (std::size_t i = 0; i < report["requests"].size(); ++i) {
      CHECK(report["requests"][i]["hash"] == vector["requests"][i]["hash"]);
      CHECK(report["requests"][i]["endpoint"] == vector["requests"][i].value("endpoint", json()));
    }
  }
}

TEST_CASE("explain places hashes as Envoy, gRPC and Maglev do") {
  for (const json& vector : cases_of("envoy-grpc-maglev.jsonl")) {
    CAPTURE(vector["name"].get<std::string>());
    std::string requests;
    for (const json& pick : vector["picks"]) requests += json{{"hash", pick["hash"]}}.dump() + "\n";
    std::vector<std::string> words{"--endpoints", vector["endpoints"].dump(), "--impl", vector["impl"]};
    for (const auto& [field, flag] :
         {std::pair{"min_ring_size", "--min-ring-size"}, std::pair{"max_ring_size", "--max-ring-size"},
          std::pair{"table_size", "--table-size"}})
      if (vector.contains(field)) words.insert(words.end(), {flag, vector[field].dump()});
    const json report = explained(words, requests);
    for (std::size_t i = 0; i < vector["picks"].size(); ++i)
      CHECK(report["requests"][i]["endpoint"] == vector["picks"][i]["endpoint"]);
  }
}

TEST_CASE("wrong words get one line that names them, and the exit code for it") {
  struct Row {
    std::vector<const char*> words;
    const char* named;
    int code;
  };
  const Row rows[] = {
      {{}, "say what to explain", 2},
      {{"--endpoints", "10.0.0.1"}, "'10.0.0.1'", 2},
      {{"--endpoints", "@/nowhere"}, "'/nowhere'", 1},
      {{"--endpoints", "10.0.0.1:1", "svc/a"}, "'a'", 2},
      {{"--endpoints", "10.0.0.1:1", "-f", "x"}, "'x'", 1},
      {{"service", "a", "b", "-f", "x"}, "'b'", 2},
      {{"service", "-f", "x"}, "'x'", 1},
      {{"pod", "a", "-f", "x"}, "'pod/a'", 2},
      {{"--endpoints", "10.0.0.1:1", "--lb", "Ringhash"}, "'Ringhash'", 2},
      {{"--endpoints", "10.0.0.1:1", "--lb", "{\"type\":\"RingHash\",\"x\":1}"}, "'x'", 2},
      {{"--endpoints", "10.0.0.1:1", "--lb", "RoundRobin", "--hash-query", "q"}, "RoundRobin", 2},
      {{"--endpoints", "10.0.0.1:1", "--hash", "xyz"}, "'xyz'", 2},
      {{"--endpoints", "10.0.0.1:1", "--header", "x-user"}, "--header 'x-user' has no colon", 2},
      {{"--endpoints", "10.0.0.1:1", "--header", "x user: ann"}, "'x user' is not a header's name", 2},
      {{"--endpoints", "10.0.0.1:1", "--requests", "/nowhere"}, "'/nowhere'", 1},
      {{"--endpoints", "10.0.0.1:1", "--impl", "nginx"}, "'nginx'", 2},
      {{"--endpoints", "10.0.0.1:1", "--impl", "maglev", "--table-size", "10"}, "table_size 10", 1},
      {{"--endpoints", "10.0.0.1:1", "--min-ring-size", "4294967295"}, "4294967295", 1},
      {{"--endpoints", "10.0.0.1:1", "--min-ring-size", "-1"}, "-1", 2},
      {{"--endpoints", "10.0.0.1:1", "-o", "xml"}, "xml", 2},
      {{"--endpoints", "10.0.0.1:1", "--report", "/nowhere/r.html"}, "/nowhere/r.html", 1},
      {{"-f", "/nowhere"}, "'/nowhere'", 1},
      {{"svc/a", "svc/b", "-f", "x"}, "'b'", 2},
      {{"deployment/a"}, "'deployment/a'", 2},
      {{"recs.default/x"}, "no scheme", 2},
      {{"ftp://recs/"}, "'ftp'", 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.named);
    std::vector<const char*> words{"explain"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    const Outcome outcome = run(words);
    CHECK(outcome.code == row.code);
    CHECK_MESSAGE(outcome.err.find(row.named) != std::string::npos, outcome.err);
    CHECK(outcome.err.find('\n') + 1 == outcome.err.size());
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("ten thousand endpoints and duplicates are explained like four") {
  std::string list;
  for (int i = 0; i < 10000; ++i)
    list += "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ":80,";
  const json many = explained({"--endpoints", list, "--hash-query", "q"}, "red\n");
  CHECK(many["endpoints"].size() == 10000);
  CHECK(many["ring"]["size"] == 10000);
  CHECK(many["requests"][0]["endpoint"].is_string());
  const json twice = explained({"--endpoints", "10.0.0.1:80,10.0.0.1:80", "--hash-query", "q"}, "red\n");
  CHECK(twice["endpoints"].size() == 2);
  CHECK(twice["requests"][0]["endpoint"] == "10.0.0.1:80");
}

}  // namespace junctionctl
