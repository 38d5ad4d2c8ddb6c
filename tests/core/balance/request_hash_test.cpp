// Each client's own rules for turning a request into a hash.
#include <doctest/doctest.h>

#include <bit>
#include <string>
#include <vector>

#include "junction/hash.hpp"
#include "junction/implementation.hpp"

namespace junction {
namespace {

using Type = HashParam::Type;
using Hash = std::optional<std::uint64_t>;

Hash hash_of(std::string_view impl, const Request& request, const std::vector<HashParam>& params) {
  const Implementation* const implementation = find_implementation(impl);
  REQUIRE(implementation);
  std::vector<HashStep> steps;
  const Hash hash = implementation->hash(request, params, &steps);
  CHECK(implementation->hash(request, params) == hash);  // watching changes nothing
  Hash last;
  for (const HashStep& step : steps) last = step.combined;
  CHECK(last == hash);
  return hash;
}

std::uint64_t xxh(std::string_view bytes, std::uint64_t seed = 0) {
  return xxh64(bytes, seed);
}

}  // namespace

TEST_CASE("one query parameter, three readings") {
  const std::vector<HashParam> params{{Type::query_param, "q", false}};
  struct Row {
    const char* url;
    Hash junction;
    Hash envoy;
  };
  const Row rows[] = {
      {"/?q=red", xxh("red\xff"), xxh("red")},
      {"/?q=a+b%20c", xxh("a b c\xff"), xxh("a+b%20c")},
      {"/?q=a&q=b",
       xxh("a\xff"
           "b\xff"),
       xxh("a")},
      {"/?%71=a", xxh("a\xff"), std::nullopt},
      {"/?q", xxh("\xff"), xxh("")},
      {"/?q=", xxh("\xff"), xxh("")},
      {"/?other=1", xxh(""), std::nullopt},
      {"/?", xxh(""), std::nullopt},
      {"/", std::nullopt, std::nullopt},
      {"/?q=a#f?q=b", xxh("a\xff"), xxh("a")},
      {"/?q=a;q=b", xxh("a;q=b\xff"), xxh("a;q=b")},
      {"/?q=%ff", xxh("\xEF\xBF\xBD\xff"), xxh("%ff")},
      {"/?Q=a", xxh(""), std::nullopt},
      {"/?&&q=a==b", xxh("a==b\xff"), xxh("a==b")},
      {"/?q=a?b", xxh("a?b\xff"), xxh("a?b")},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    CHECK(hash_of("junction", {.url = row.url}, params) == row.junction);
    CHECK(hash_of("junction-rust-1.81", {.url = row.url}, params) == row.junction);
    CHECK(hash_of("envoy", {.url = row.url}, params) == row.envoy);
    CHECK(hash_of("maglev", {.url = row.url}, params) == row.envoy);
    for (const char* grpc : {"grpc", "grpc-cpp", "grpc-java"})
      CHECK_FALSE(hash_of(grpc, {.url = row.url}, params).has_value());
  }
}

TEST_CASE("headers: sorted, chained, joined") {
  const std::vector<HashParam> params{{Type::header, "x-user", false}};
  const std::vector<Header> two{{"X-User", "zed"}, {"accept", "*/*"}, {"x-user", "ann"}};
  const std::string eight("\0\0\0\0\0\0\0", 7);
  CHECK(hash_of("junction", {.headers = two}, params) == xxh("\3" + eight + "ann\3" + eight + "zed"));
  CHECK(hash_of("envoy", {.headers = two}, params) == xxh("zed", xxh("ann")));
  CHECK(hash_of("grpc", {.headers = two}, params) == xxh("zed,ann"));
  CHECK(hash_of("grpc-java", {.headers = two}, params) == xxh("zed,ann"));
  for (const Implementation* implementation : implementations()) {
    CHECK_FALSE(hash_of(implementation->name(), {}, params).has_value());
    const std::vector<Header> empty{{"x-user", ""}};
    CHECK(hash_of(implementation->name(), {.headers = empty}, params).has_value());
  }
  const std::vector<Header> binary{{"x-user-bin", "ann"}};
  const std::vector<HashParam> by_binary{{Type::header, "x-user-bin", false}};
  CHECK(hash_of("envoy", {.headers = binary}, by_binary) == xxh("ann"));
  CHECK_FALSE(hash_of("grpc-cpp", {.headers = binary}, by_binary).has_value());
  CHECK(hash_of("grpc", {}, {{Type::header, "content-type", false}}) == xxh("application/grpc"));
}

TEST_CASE("cookies and the source address are Envoy's alone") {
  const std::vector<HashParam> by_cookie{{Type::cookie, "sid", false}};
  struct Row {
    std::vector<Header> headers;
    Hash envoy;
  };
  const Row rows[] = {
      {{{"Cookie", "a=1; sid=abc; b=2"}}, xxh("abc")},
      {{{"cookie", "sid=\"abc\""}}, xxh("abc")},
      {{{"cookie", "a=1"}, {"cookie", " sid=abc"}}, xxh("abc")},
      {{{"cookie", "sid=first;sid=second"}}, xxh("first")},
      {{{"cookie", "sid=x=y"}}, xxh("x=y")},
      {{{"cookie", "sid=; sid=late"}}, std::nullopt},
      {{{"cookie", "sid"}}, std::nullopt},
      {{{"cookie", "SID=abc"}}, std::nullopt},
      {{{"cookie", ";;  ; =abc"}}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const Row& row : rows) {
    if (!row.headers.empty()) CAPTURE(row.headers[0].value);
    CHECK(hash_of("envoy", {.headers = row.headers}, by_cookie) == row.envoy);
    CHECK_FALSE(hash_of("junction", {.headers = row.headers}, by_cookie).has_value());
    CHECK_FALSE(hash_of("grpc", {.headers = row.headers}, by_cookie).has_value());
  }
  const std::vector<HashParam> by_source{{Type::source_ip, "", false}};
  CHECK(hash_of("maglev", {.source_ip = "192.0.2.7"}, by_source) == xxh("192.0.2.7"));
  CHECK(hash_of("envoy", {.source_ip = "2001:DB8:0::1"}, by_source) == xxh("2001:db8::1"));
  CHECK_FALSE(hash_of("envoy", {}, by_source).has_value());
  CHECK_FALSE(hash_of("junction", {.source_ip = "192.0.2.7"}, by_source).has_value());
}

TEST_CASE("Envoy finds the request line and the host among the headers") {
  struct Row {
    const char* url;
    const char* name;
    Hash envoy;
  };
  const Row rows[] = {
      {"https://recs:8443/a?q=1#f", ":path", xxh("/a?q=1")},
      {"https://recs:8443/a?q=1", ":scheme", xxh("https")},
      {"https://recs:8443/a?q=1", ":authority", xxh("recs:8443")},
      {"https://recs:8443/a?q=1", "Host", xxh("recs:8443")},
      {"http://recs/a", ":method", xxh("PUT")},
      {"/a?q=1#f", ":path", xxh("/a?q=1")},
      {"/a?q=1", ":authority", std::nullopt},
      {"http://recs/a", ":other", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    CAPTURE(row.name);
    const std::vector<HashParam> params{{Type::header, row.name, false}};
    CHECK(hash_of("envoy", {.url = row.url, .method = "PUT"}, params) == row.envoy);
    CHECK(hash_of("maglev", {.url = row.url, .method = "PUT"}, params) == row.envoy);
    CHECK_FALSE(hash_of("junction", {.url = row.url, .method = "PUT"}, params).has_value());
    CHECK_FALSE(hash_of("grpc", {.url = row.url, .method = "PUT"}, params).has_value());
  }
  const std::vector<Header> host{{"host", "shop"}};
  CHECK(hash_of("envoy", {.url = "http://recs/a", .headers = host}, {{Type::header, "host", false}}) ==
        xxh("shop"));
}

TEST_CASE("what terminal stops at") {
  const std::vector<Header> headers{{"a", "1"}, {"c", "3"}};
  const Request request{.url = "/", .headers = headers};
  // a yields, b is terminal and missing, c yields.
  const std::vector<HashParam> missing{
      {Type::header, "a", false}, {Type::header, "b", true}, {Type::header, "c", false}};
  const auto first_only = [&](std::string_view impl) {
    return hash_of(impl, request, missing) == hash_of(impl, request, {{Type::header, "a", false}});
  };
  CHECK_FALSE(first_only("junction"));  // only its own value stops
  CHECK(first_only("envoy"));           // any value so far stops
  CHECK_FALSE(first_only("grpc"));
  CHECK(first_only("grpc-cpp"));
  CHECK(first_only("grpc-java"));
  // A policy gRPC does not know is dropped whole, terminal and all.
  const std::vector<HashParam> unknown{
      {Type::header, "a", false}, {Type::cookie, "b", true}, {Type::header, "c", false}};
  for (const char* grpc : {"grpc", "grpc-cpp", "grpc-java"})
    CHECK(hash_of(grpc, request, unknown) != hash_of(grpc, request, {{Type::header, "a", false}}));
  // Its own value stops everyone.
  for (const Implementation* implementation : implementations())
    CHECK(hash_of(implementation->name(), request, {{Type::header, "a", true}, {Type::header, "c", false}}) ==
          hash_of(implementation->name(), request, {{Type::header, "a", false}}));
}

TEST_CASE("values combine by rotation, except that gRPC Java's drags the sign along") {
  const std::vector<HashParam> both{{Type::header, "a", false}, {Type::header, "b", false}};
  int set = 0, clear = 0;
  for (int i = 0; i < 64; ++i) {
    const std::string value = std::to_string(i);
    const std::vector<Header> headers{{"a", value}, {"b", "2"}};
    const std::uint64_t a = xxh(value), b = xxh("2");
    const bool top = (a >> 63) != 0;
    ++(top ? set : clear);
    for (const char* impl : {"envoy", "grpc", "grpc-cpp"})
      CHECK(hash_of(impl, {.headers = headers}, both) == (std::rotl(a, 1) ^ b));
    CHECK(hash_of("grpc-java", {.headers = headers}, both) == ((top ? ~0ULL : a << 1) ^ b));
  }
  CHECK(set > 0);
  CHECK(clear > 0);
}

TEST_CASE("the same policy twice does not cancel out") {
  const std::vector<HashParam> twice{{Type::query_param, "q", false}, {Type::query_param, "q", false}};
  const std::uint64_t red = xxh("red\xff");
  CHECK(hash_of("junction", {.url = "/?q=red"}, twice) == (std::rotl(red, 1) ^ red));
}

}  // namespace junction
