// What is not known of a request is neither absent nor random.
#include <doctest/doctest.h>

#include <array>
#include <string_view>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/lint.hpp"

namespace junction {
namespace {

constexpr std::array<std::string_view, 2> of_a_log{"user-agent", "referer"};

Explanation explained(const char* implementation, std::vector<HashParam> params, const Request& request) {
  Balancer balancer(*find_implementation(implementation), Balancer::Options{});
  std::vector<Endpoint> endpoints;
  for (const char* address : {"10.0.0.1:80", "10.0.0.2:80"})
    endpoints.push_back({.address = *SocketAddress::parse(address)});
  balancer.update(endpoints, {.type = Policy::Type::ring_hash, .hash_params = std::move(params)});
  return balancer.explain(request);
}

constexpr HashParam::Type header = HashParam::Type::header, query = HashParam::Type::query_param,
                          cookie = HashParam::Type::cookie, source_ip = HashParam::Type::source_ip;

}  // namespace

TEST_CASE("a choice that depends on what is not known of a request is unknown") {
  const std::vector<Header> agent{{"User-Agent", "curl/8"}};
  const Request whole{.url = "/?query=red"},
      logged{.url = "/?query=red", .headers = agent, .recorded = of_a_log};
  struct Row {
    const char* name;
    const char* implementation;
    std::vector<HashParam> params;
    Request request;
    PickReason reason;
  };
  const Row rows[] = {
      {"a header that a whole request lacks",
       "junction",
       {{header, "x-user", false}},
       whole,
       PickReason::random},
      {"one that no log records", "junction", {{header, "x-user", false}}, logged, PickReason::unknown},
      {"one that it records", "junction", {{header, "user-agent", false}}, logged, PickReason::ring_hash},
      {"one that it records and the request lacks",
       "junction",
       {{header, "Referer", false}},
       logged,
       PickReason::random},
      {"one more beside what is known",
       "junction",
       {{query, "query", false}, {header, "x-user", false}},
       logged,
       PickReason::unknown},
      {"behind a terminal one nothing is asked",
       "junction",
       {{query, "query", true}, {header, "x-user", false}},
       logged,
       PickReason::ring_hash},
      {"a cookie", "envoy", {{cookie, "sid", false}}, logged, PickReason::unknown},
      {"a cookie of a whole request", "envoy", {{cookie, "sid", false}}, whole, PickReason::random},
      {"Junction hashes no cookies", "junction", {{cookie, "sid", false}}, logged, PickReason::random},
      {"every client has an address", "envoy", {{source_ip, "", false}}, whole, PickReason::unknown},
      {"which Junction does not hash", "junction", {{source_ip, "", false}}, whole, PickReason::random},
      {"every request has a host", "envoy", {{header, ":authority", false}}, whole, PickReason::unknown},
      {"and a scheme", "envoy", {{header, ":scheme", false}}, whole, PickReason::unknown},
      {"which may be known",
       "envoy",
       {{header, "Host", false}},
       {.url = "/", .authority = "recs:8000"},
       PickReason::ring_hash},
      {"gRPC hashes no binary headers", "grpc", {{header, "x-bin", false}}, logged, PickReason::random},
      {"but others", "grpc", {{header, "x-user", false}}, logged, PickReason::unknown},
      {"and no query", "grpc-java", {{query, "query", false}}, logged, PickReason::random},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Explanation explanation = explained(row.implementation, row.params, row.request);
    CHECK(explanation.pick.reason == row.reason);
    CHECK(explanation.pick.hash.has_value() == (row.reason == PickReason::ring_hash));
  }
}

TEST_CASE("the host that a target was asked of is hashed as if it stood in the URL") {
  const std::vector<HashParam> params{{header, ":authority", false}};
  const auto known = explained("envoy", params, {.url = "/a", .authority = "recs:8000"}).pick.hash;
  CHECK(known == explained("envoy", params, {.url = "http://recs:8000/a"}).pick.hash);
  CHECK(known == explained("envoy", params, {.url = "http://recs:8000/a", .authority = "other"}).pick.hash);
}

TEST_CASE("what is not known is named, with the way to say it") {
  struct Row {
    HashParam param;
    const char* evidence;
    const char* remedy;
  };
  const Row rows[] = {
      {{header, "x-user", false},
       "1 of 2 requests, such as /a: the log does not record x-user",
       "give --header 'x-user: ...', or JSON lines with headers"},
      {{cookie, "sid", false},
       "1 of 2 requests, such as /a: the log does not record the cookie sid",
       "give --header 'cookie: sid=...', or JSON lines with headers"},
      {{source_ip, "", false},
       "1 of 2 requests, such as /a: the client's address is not known",
       "give --source-ip, or JSON lines with source_ip"},
      {{header, ":authority", false},
       "1 of 2 requests, such as /a: :authority is not known",
       "write whole URLs: http://HOST/PATH?QUERY"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.evidence);
    const Request request{.url = "/a", .recorded = of_a_log};
    RequestLints lints, other;
    other.add(request, explained("envoy", {row.param}, request), 7);
    lints.add(other);
    const auto found = lints.finish(2);
    REQUIRE(found.size() == 1);
    CHECK(found[0] == Lint{"unknown", Severity::warning, row.evidence, row.remedy});
  }
}

}  // namespace junction
