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

TEST_CASE("what may be sent again is decided by what was asked, and by how it failed") {
  struct Row {
    const char* name;
    CURLcode code;
    long status;
    const char* header;
    bool get, patch;  // may be sent again
  };
  const Row rows[] = {
      {"nothing came", CURLE_GOT_NOTHING, 0, "", true, false},
      {"broke while read", CURLE_RECV_ERROR, 0, "", true, false},
      {"broke while sent", CURLE_SEND_ERROR, 0, "", true, false},
      {"broke in the body", CURLE_PARTIAL_FILE, 200, "", true, false},
      {"HTTP/2 broke", CURLE_HTTP2, 0, "", true, false},
      {"an HTTP/2 stream broke", CURLE_HTTP2_STREAM, 0, "", true, false},
      {"refused", CURLE_COULDNT_CONNECT, 0, "", false, false},
      {"no such host", CURLE_COULDNT_RESOLVE_HOST, 0, "", false, false},
      {"not in time", CURLE_OPERATION_TIMEDOUT, 0, "", false, false},
      {"not trusted", CURLE_PEER_FAILED_VERIFICATION, 0, "", false, false},
      {"ended by us", CURLE_WRITE_ERROR, 200, "", false, false},
      {"a 429 that broke", CURLE_RECV_ERROR, 429, "Retry-After: 1", true, false},
      {"a 503 that broke", CURLE_RECV_ERROR, 503, "Retry-After: 1", true, false},
      {"a 502 of a refused connection", CURLE_COULDNT_CONNECT, 502, "", false, false},
      {"200", CURLE_OK, 200, "Retry-After: 1", false, false},
      {"404", CURLE_OK, 404, "Retry-After: 1", false, false},
      {"409", CURLE_OK, 409, "Retry-After: 1", false, false},
      {"428", CURLE_OK, 428, "", false, false},
      {"429", CURLE_OK, 429, "", true, true},
      {"430", CURLE_OK, 430, "", false, false},
      {"500", CURLE_OK, 500, "Retry-After: 1", false, false},
      {"501", CURLE_OK, 501, "", false, false},
      {"502", CURLE_OK, 502, "", true, false},
      {"502 that says when", CURLE_OK, 502, "Retry-After: 1", true, false},
      {"503", CURLE_OK, 503, "", true, false},
      {"503 that says when", CURLE_OK, 503, "Retry-After: 1", true, true},
      {"503 that says it is over", CURLE_OK, 503, "Retry-After: 0", true, true},
      {"503 that says nonsense", CURLE_OK, 503, "Retry-After: soon", true, false},
      {"504", CURLE_OK, 504, "Retry-After: 1", false, false},
      {"429 that asks for ten seconds", CURLE_OK, 429, "Retry-After: 10", true, true},
      {"429 that asks for eleven", CURLE_OK, 429, "Retry-After: 11", false, false},
      {"503 that asks for eleven", CURLE_OK, 503, "Retry-After: 11", false, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    HttpResponse response;
    response.code = row.code;
    response.status = row.status;
    if (*row.header) response.headers = {row.header};
    CHECK(retry_after({.method = "GET"}, response, 1, 0).has_value() == row.get);
    for (const char* const writes : {"PATCH", "PUT", "POST", "DELETE", "get", ""}) {
      CAPTURE(writes);
      CHECK(retry_after({.method = writes}, response, 1, 0).has_value() == row.patch);
    }
  }
}

TEST_CASE("waits double from 100 ms, up to half is added by chance, and the fifth request is the last") {
  struct Row {
    int attempt;
    const char* header;
    std::uint32_t random;
    std::optional<std::chrono::milliseconds> wait;
  };
  const Row rows[] = {
      {1, "", 0, 100ms},
      {1, "", 1, 101ms},
      {1, "", 50, 150ms},
      {1, "", 51, 100ms},              // half, no more
      {1, "", 4'294'967'295U, 100ms},  // 2^32 - 1 is a multiple of 51
      {2, "", 0, 200ms},
      {2, "", 100, 300ms},
      {2, "", 101, 200ms},
      {3, "", 0, 400ms},
      {3, "", 200, 600ms},
      {4, "", 0, 800ms},
      {4, "", 400, 1200ms},
      {4, "", 401, 800ms},
      {5, "", 0, std::nullopt},
      {6, "", 0, std::nullopt},
      {1, "Retry-After: 0", 7, 107ms},
      {1, "Retry-After: 2", 0, 2s},
      {1, "Retry-After: 2", 50, 2050ms},
      {4, "Retry-After: 1", 0, 1s},
      {4, "Retry-After: 1", 400, 1400ms},
      {4, "retry-after: 10", 0, 10s},
      {5, "Retry-After: 1", 0, std::nullopt},
      {1, "Retry-After: 3600", 0, std::nullopt},
      {1, "Retry-After: 4294967295", 0, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.attempt);
    CAPTURE(row.header);
    CAPTURE(row.random);
    HttpResponse busy;
    busy.status = 429;
    if (*row.header) busy.headers = {row.header};
    CHECK(retry_after({}, busy, row.attempt, row.random) == row.wait);
  }
}

TEST_CASE("Retry-After is a number of seconds, or says nothing") {
  CHECK(parse_retry_after("7") == 7s);
  CHECK(parse_retry_after("0") == 0s);
  CHECK(parse_retry_after("4294967295") == 4'294'967'295s);
  for (const char* const text : {"", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", "+1", "1.5", "7 ", " 7", "7s",
                                 "0x7", "4294967296", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_retry_after(text));
  }
}
