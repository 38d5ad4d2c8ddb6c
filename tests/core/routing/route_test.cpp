#include "junction/route.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "junction/routing.hpp"

namespace junction {
namespace {

// Core has no regular expressions; this stands in for one: "a|b" as alternatives found anywhere.
bool search(const std::string& pattern, std::string_view text) {
  const std::size_t bar = pattern.find('|');
  return text.find(pattern.substr(0, bar)) != std::string_view::npos ||
         (bar != std::string::npos && text.find(pattern.substr(bar + 1)) != std::string_view::npos);
}

Route route_with(std::vector<RouteMatch> matches) {
  Route route;
  route.name = "catalog";
  route.namespace_ = "default";
  route.hostnames = {"catalog.default.svc.cluster.local", "*.example.com"};
  route.rules.push_back({.name = "first",
                         .matches = std::move(matches),
                         .backends = {{.name = "catalog", .namespace_ = "default", .port = 8080}}});
  return route;
}

}  // namespace

TEST_CASE("a match needs its method, path, headers and query parameters") {
  using enum TextMatch::Type;
  struct Row {
    const char* name;
    RouteMatch match;
    const char* why_not;  // empty: fits
  };
  const Row rows[] = {
      {"nothing asked", {}, ""},
      {"method", {.method = "GET"}, ""},
      {"other method", {.method = "POST"}, "the method is GET, not POST"},
      {"exact path", {.path = TextMatch{exact, "/wines/red"}}, ""},
      {"exact path, other", {.path = TextMatch{exact, "/wines"}}, "the path is '/wines/red', not '/wines'"},
      {"prefix ends inside a segment", {.path = TextMatch{prefix, "/win"}}, ""},
      {"pattern inside", {.path = TextMatch{regular_expression, "ines|zzz"}}, ""},
      {"pattern, other",
       {.path = TextMatch{regular_expression, "zzz"}},
       "the path is '/wines/red', not /zzz/"},
      {"header in other case", {.headers = {{"X-USER", {exact, "ann"}}}}, ""},
      {"first header counts",
       {.headers = {{"x-user", {exact, "bob"}}}},
       "the header x-user is 'ann', not 'bob'"},
      {"header missing", {.headers = {{"x-none", {exact, ""}}}}, "the header x-none is missing"},
      {"parameter decoded", {.query_params = {{"q", {exact, "a b"}}}}, ""},
      {"first parameter counts",
       {.query_params = {{"q", {exact, "c"}}}},
       "the query parameter q is 'a b', not 'c'"},
      {"parameter missing", {.query_params = {{"r", {exact, ""}}}}, "the query parameter r is missing"},
  };
  const std::vector<Header> headers{{"x-user", "ann"}, {"x-user", "bob"}};
  const Request request{.url = "http://catalog/wines/red?q=a+b&q=c#x", .headers = headers};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto verdicts = match_rules(route_with({row.match}), request, search);
    REQUIRE(verdicts.size() == 1);
    CHECK(verdicts[0].fits == (*row.why_not == '\0'));
    CHECK(verdicts[0].why_not == row.why_not);
  }
}

TEST_CASE("the first rule any of whose matches fits wins, and no matches fit everything") {
  Route route = route_with({{.method = "PUT"}, {.method = "POST"}});
  route.rules.push_back({.name = "rest", .matches = {}, .backends = {}});
  const auto post = match_rules(route, {.url = "/", .headers = {}, .method = "POST"}, search);
  REQUIRE(post.size() == 1);
  CHECK(post[0].match == 1);
  const auto get = match_rules(route, {.url = "/", .headers = {}}, search);
  REQUIRE(get.size() == 2);
  CHECK(get[0].why_not == "the method is GET, not PUT");
  CHECK(get[1].fits);
  CHECK_FALSE(get[1].match.has_value());
}

TEST_CASE("names get the search suffixes while they have fewer dots than ndots") {
  const auto search_of = NameSearch::of_namespace("shop");
  CHECK(names_to_try("catalog", search_of) ==
        std::vector<std::string>{"catalog", "catalog.shop.svc.cluster.local", "catalog.svc.cluster.local",
                                 "catalog.cluster.local"});
  CHECK(names_to_try("a.b.c.d.e.f", search_of) == std::vector<std::string>{"a.b.c.d.e.f"});
  CHECK(names_to_try("catalog", {0, {"x"}}) == std::vector<std::string>{"catalog"});
}

TEST_CASE("a host is a Service's only in the form NAME.NAMESPACE.svc.cluster.local") {
  CHECK(service_of_host("recs.shop.svc.cluster.local")->namespace_ == "shop");
  for (const char* host :
       {"recs", "recs.svc.cluster.local", "a.b.c.svc.cluster.local", ".b.svc.cluster.local"})
    CHECK_FALSE(service_of_host(host).has_value());
}

TEST_CASE("a request is led from host to backend, and says where it got stuck") {
  RouteWorld world;
  world.search = NameSearch::of_namespace("default");
  world.services = {{"recs", "default"}};
  world.routes = {route_with({{.method = "POST"}})};
  const auto resolve = [&](const char* text, const char* method) {
    return resolve_route(world, *Url::parse(text), {.url = text, .headers = {}, .method = method}, search);
  };
  const Routing implicit = resolve("http://recs/x", "GET");
  REQUIRE(implicit.backend.has_value());
  CHECK(implicit.backend->to_string(0) == "recs.default.svc.cluster.local:80");
  CHECK(std::get<RouteStep>(implicit.steps[0]).implicit);
  CHECK(std::get<RouteStep>(implicit.steps[0]).looked_up.size() == 2);
  CHECK(resolve("http://www.example.com", "POST").backend->port == 8080);
  CHECK(resolve("http://catalog", "GET").failure ==
        "no rule of route default/catalog fits GET http://catalog");
  CHECK(resolve("http://nowhere.a.b.c.d.e", "GET")
            .failure.starts_with("no route or Service answers to nowhere"));
}

TEST_CASE("weighted backends show every choice, and the heaviest stands for them") {
  RouteWorld world;
  world.routes = {route_with({})};
  world.routes[0].rules[0].backends = {{.name = "old", .namespace_ = "default", .weight = 1},
                                       {.name = "new", .namespace_ = "default", .weight = 3}};
  const char* const url = "http://a.example.com:81/";
  const Routing routing = resolve_route(world, *Url::parse(url), {.url = url, .headers = {}}, search);
  const auto& step = std::get<BackendStep>(routing.steps.back());
  CHECK(step.chosen == 1);
  CHECK(step.choices[0].share == doctest::Approx(0.25));
  CHECK(routing.backend->to_string(0) == "new.default.svc.cluster.local:81");
  world.routes[0].rules[0].backends[0].weight = world.routes[0].rules[0].backends[1].weight = 0;
  CHECK(resolve_route(world, *Url::parse(url), {.url = url, .headers = {}}, search).failure ==
        "the backends of the rule that fits all have weight 0");
}

}  // namespace junction
