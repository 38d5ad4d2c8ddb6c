#include "edge/kube/retry.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "junction/kube/client.hpp"
#include "tests/edge/kube/answers.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("what passes by itself is tried again, where that is safe") {
  struct Row {
    const char* name;
    bool patch;
    Reply first;
    bool again;
  };
  const Reply broken{.pieces = {""}, .close = true};
  const Row rows[] = {
      {"GET, 429", false, answer(429, "wait", "text/plain"), true},
      {"GET, 503", false, answer(503, "service unavailable", "text/plain"), true},
      {"GET, broken connection", false, broken, true},
      {"GET, 500", false, answer(500, "boom", "text/plain"), false},
      {"GET, 429 that asks for an hour", false, answer(429, "wait", "text/plain", "Retry-After: 3600\r\n"),
       false},
      {"PATCH, 429", true, answer(429, "wait", "text/plain", "Retry-After: 0\r\n"), true},
      {"PATCH, 503 that says when", true, answer(503, "soon", "text/plain", "Retry-After: 0\r\n"), true},
      {"PATCH, 503 that does not", true, answer(503, "gone", "text/plain"), false},
      {"PATCH, broken connection", true, broken, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::atomic<int> asked{0};
    ScriptedServer server(
        [&](const SeenRequest&) { return asked++ == 0 ? row.first : answer(200, service); });
    Client client(config_for(server));
    const auto result =
        row.patch ? client.patch("/api/v1/x", PatchType::merge, "{}") : client.get("/api/v1/x");
    CHECK(result.ok() == row.again);
    CHECK(asked == (row.again ? 2 : 1));
  }
}

TEST_CASE("retries end, and wait as long as they are asked to") {
  const HttpRequest get{};
  HttpResponse busy;
  busy.status = 429;
  CHECK(retry_after(get, busy, 1, 0) == 100ms);
  CHECK(retry_after(get, busy, 2, 0) == 200ms);
  CHECK(retry_after(get, busy, 4, 0) == 800ms);
  CHECK(retry_after(get, busy, 1, 4294967295U) <= 150ms);  // chance adds up to half
  CHECK_FALSE(retry_after(get, busy, 5, 0));
  busy.headers = {"retry-after: 2"};
  CHECK(retry_after(get, busy, 1, 0) == 2s);
  CHECK(parse_retry_after("7") == 7s);
  CHECK_FALSE(parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT"));
  CHECK_FALSE(parse_retry_after("-1"));
}
