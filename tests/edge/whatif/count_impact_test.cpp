// Whole files against asking both balancers about each line.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "junction/impact_counts.hpp"
#include "junction/request_line.hpp"
#include "tests/edge/kube/folder.hpp"

namespace junction {
namespace {

std::vector<Endpoint> pods(int count) {
  std::vector<Endpoint> endpoints;
  for (int i = 0; i < count; ++i)
    endpoints.push_back({.address = SocketAddress::parse(fmt::format("10.42.0.{}:8080", 17 + i)).value()});
  return endpoints;
}

Policy hashing(const std::string& name = "query") {
  return {.type = Policy::Type::ring_hash, .hash_params = {{.name = name}}};
}

/// All kinds of lines, some of which come again.
std::vector<std::string> some_lines() {
  std::vector<std::string> lines;
  for (int i = 0; i < 5000; ++i) {
    lines.push_back(fmt::format("wine {}", i % 700));
    if (i % 5 == 0) lines.push_back(fmt::format("http://shop/?query=grape+{}", i % 300));
    if (i % 7 == 0) lines.push_back(fmt::format("http://shop/?page={}", i));
    if (i % 50 == 0) lines.emplace_back("http://shop/");
    if (i % 60 == 0) lines.push_back(fmt::format("{{\"hash\":\"{:016x}\"}}", i * 0x123456789abcdefULL));
  }
  lines.emplace_back();
  return lines;
}

ImpactCounts asked_line_by_line(const Balancer& before, const Balancer& after,
                                const std::vector<std::string>& lines) {
  ImpactCounter counter(before.state(), after.state());
  std::vector<Header> room;
  for (const std::string& line : lines) {
    const auto parsed = parse_request_line(line, "query");
    REQUIRE(parsed.ok());
    if (!*parsed) continue;
    if ((*parsed)->hash)
      counter.add(before.pick(*(*parsed)->hash), after.pick(*(*parsed)->hash));
    else
      counter.add(before.pick((*parsed)->request(room)), after.pick((*parsed)->request(room)));
  }
  return counter.finish();
}

}  // namespace

TEST_CASE("what a change moves of a file is what it moves of its lines, one by one") {
  const test::Folder folder;
  const std::vector<std::string> lines = some_lines();
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const std::string path = folder.write("requests.txt", text);
  struct Row {
    const char* one;
    const char* other;
  };
  for (const auto& [one, other] : {Row{"junction", "junction"}, Row{"junction", "junction-rust-1.81"},
                                   Row{"envoy", "envoy"}, Row{"maglev", "maglev"}}) {
    CAPTURE(one);
    CAPTURE(other);
    Balancer before(*find_implementation(one)), after(*find_implementation(other));
    before.update(pods(4), hashing());
    after.update(pods(5), hashing());
    REQUIRE(counts_in_bulk(before, after));
    const auto counts = count_impact(before, after, {path}, {.threads = 2});
    REQUIRE(counts.ok());
    const ImpactCounts expected = asked_line_by_line(before, after, lines);
    CHECK(counts->requests == expected.requests);
    CHECK(counts->keys == expected.keys);
    CHECK(counts->skipped == 1);
    REQUIRE(counts->pairs.size() == expected.pairs.size());
    for (std::size_t i = 0; i < expected.pairs.size(); ++i) {
      CAPTURE(i);
      CHECK(bool(counts->pairs[i].from == expected.pairs[i].from));
      CHECK(bool(counts->pairs[i].to == expected.pairs[i].to));
      CHECK(counts->pairs[i].keys == expected.pairs[i].keys);
      CHECK(counts->pairs[i].requests == expected.pairs[i].requests);
    }
  }
}

TEST_CASE("what cannot be counted in bulk says so beforehand") {
  struct Row {
    const char* name;
    const char* one;
    const char* other;
    Policy before;
    Policy after;
    std::uint64_t table_size;
    bool in_bulk;
  };
  for (const auto& [name, one, other, policy_before, policy_after, table_size, in_bulk] : {
           Row{"the same policy", "junction", "junction", hashing(), hashing(), 65537, true},
           Row{"another parameter", "junction", "junction", hashing(), hashing("page"), 65537, false},
           Row{"no hashing any more", "junction", "junction", hashing(), Policy{}, 65537, false},
           Row{"a client that hashes otherwise", "junction", "envoy", hashing(), hashing(), 65537, false},
           Row{"a ring and a table", "envoy", "maglev", hashing(), hashing(), 65537, false},
           Row{"a table of another size", "maglev", "maglev", hashing(), hashing(), 251, false},
       }) {
    CAPTURE(name);
    Balancer before(*find_implementation(one));
    Balancer after(*find_implementation(other), {.placement = {.table_size = table_size}});
    before.update(pods(4), policy_before);
    after.update(pods(4), policy_after);
    CHECK(counts_in_bulk(before, after) == in_bulk);
  }
}

TEST_CASE("a file that is not there is an error that names it") {
  Balancer before, after;
  before.update(pods(4), hashing());
  after.update(pods(5), hashing());
  const auto counts = count_impact(before, after, {"/nowhere/requests.txt"});
  REQUIRE(!counts.ok());
  CHECK(counts.error().message.find("/nowhere/requests.txt") != std::string::npos);
}

}  // namespace junction
