#include <doctest/doctest.h>

#include "junction/kube/policy_change.hpp"
#include "tests/edge/kube/hostile.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;

TEST_CASE("a patch is believed when the answer shows it, sent once, and doubted where the answer is lost") {
  const std::string good = patched_service().dump();
  const std::string status_ok = status(500, "X", "y");
  struct Row {
    const char* name;
    Reply reply;
    const char* message;  // null: it is believed
    bool doubted = true;
    std::size_t patches = 1;
  };
  const Row rows[] = {
      {"ok", answer(200, good), nullptr},
      {"ok, written otherwise",
       answer(200, changed(patched_service(), "/metadata/annotations",
                           {{key, json::parse(policy_json(ring)).dump(2)}})
                       .dump()),
       nullptr},
      {"ok, without a resourceVersion",
       answer(200, changed(patched_service(), "/metadata/resourceVersion", nullptr).dump()), nullptr},
      {"ok, with a number as resourceVersion",
       answer(200, changed(patched_service(), "/metadata/resourceVersion", 5).dump()), nullptr},
      {"cut before an answer", closing(""), "broke: it was closed before an answer came"},
      {"cut within the header", closing("HTTP/1.1 200 OK\r\nConte"), "broke: it was closed in the middle of"},
      {"cut behind the header", closing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), "broke: "},
      {"cut within the body", cut_short(good, 50), "broke: "},
      {"whole, but half an object", answer(200, good.substr(0, 50)),
       "answered 200 with an object that cannot be read: line 1, column 51: this is no JSON, it ends in the "
       "middle"},
      {"half an object, to the end of the connection",
       closing("HTTP/1.1 200 OK\r\n\r\n" + good.substr(0, 50)), "an object that cannot be read"},
      {"a web page", answer(200, "<html><title>hi</title>", "text/html"),
       "answered 200 with a web page (hi): is it a Kubernetes API server, or is there a proxy in between?"},
      {"nothing", answer(200, ""), "answered 200 with nothing, where an object belongs"},
      {"no content", closing("HTTP/1.1 204 No Content\r\n\r\n"), "answered 204 with nothing"},
      {"a list", answer(200, "[1]"), "answered 200 with something that is no JSON object"},
      {"text", answer(200, "hello"), "answered 200 with something that is no JSON object"},
      {"two objects", answer(200, good + good), "an object that cannot be read"},
      {"a Status", answer(200, status_ok), "answered 200 with a Status in place of the object: y"},
      {"garbage", closing("\x16\x03\x01 garbage"), "Received HTTP/0.9 when not allowed"},
      {"500, after it was done", answer(500, status(500, "InternalError", "boom")), "(InternalError): boom"},
      {"503, after it was done", answer(503, status(503, "ServiceUnavailable", "boom")), "boom"},
      {"502 of a proxy", answer(502, "<html><title>bad gateway</title>", "text/html"), "with a web page"},
      {"504", answer(504, status(504, "Timeout", "t")), "(Timeout): t"},
      {"503 that asks to wait for long", answer(503, "busy", "text/plain", "Retry-After: 999\r\n"), "busy",
       false},
      {"429 that asks to wait for ever", answer(429, "slow", "text/plain", "Retry-After: 999999999\r\n"),
       "slow", false},
      {"422", answer(422, status(422, "Invalid", "no")), "no", false},
      {"403", answer(403, status(403, "Forbidden", "no")), "(Forbidden): no", false},
      {"a redirection", answer(302, "", "text/plain", "Location: https://elsewhere.example/\r\n"),
       "answered 302: it sends elsewhere, to https://elsewhere.example/, where no credentials go", false},
      {"a redirection with a password",
       answer(307, "", "text/plain", "Location: https://ann:secret@elsewhere.example/\r\n"),
       "to https://...@elsewhere.example/", false},
      {"a redirection to nowhere", answer(308, ""), "answered 308: it sends elsewhere", false},
      {"too large", endless("HTTP/1.1 200 OK\r\n\r\n{\"a\":\"", std::string(1 << 20, 'a')),
       "sent an answer of more than 64 MiB"},
      {"too large once decompressed", closing(with_header("Content-Encoding: gzip", gzip(65U << 20U))),
       "sent an answer of more than 64 MiB"},
      {"compressed in a way nobody asked for", closing(with_header("Content-Encoding: br", "\x8b\x02\x80")),
       "server 127.0.0.1"},  // libcurl may know it
      {"compressed, but garbage", closing(with_header("Content-Encoding: gzip", "garbage")),
       "cannot be decompressed"},
      {"endless header lines", endless("HTTP/1.1 200 OK\r\n", "X-A: " + std::string(1000, 'a') + "\r\n"),
       "sent a header of more than 256 KiB"},
      {"an endless header line", endless("HTTP/1.1 200 OK\r\nX-A: ", std::string(1000, 'a')),
       "sent a header line of more than 100 KiB"},
      {"100 Continue for ever", endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
       "sent a header of more than 256 KiB"},
      {"deep", answer(200, "{\"kind\":\"Service\",\"metadata\":{\"name\":" + deep + "}}"),
       "an object that cannot be read"},
      {"the change ignored", answer(200, plain_service().dump()),
       "the server answered that all is well, but its answer does not hold the annotation "
       "junctionlabs.io/backend.lb.80: an admission webhook may have taken it away. Look with: kubectl",
       false},
      {"another policy",
       answer(200, changed(patched_service(), "/metadata/annotations", {{key, "{}"}}).dump()),
       "its answer has another annotation junctionlabs.io/backend.lb.80, \"{}\": an admission", false},
      {"a number as policy",
       answer(200, changed(patched_service(), "/metadata/annotations", {{key, 5}}).dump()),
       "another annotation junctionlabs.io/backend.lb.80, 5:", false},
      {"annotations that are a list",
       answer(200, changed(patched_service(), "/metadata/annotations", {1}).dump()), "does not hold", false},
      {"metadata that is a number", answer(200, changed(patched_service(), "/metadata", 5).dump()),
       "it was asked for the Service default/s", false},
      {"another object", answer(200, changed(patched_service(), "/metadata/name", "other").dump()),
       "the server answered with the Service default/other, where it was asked for the Service default/s",
       false},
      {"another namespace", answer(200, changed(patched_service(), "/metadata/namespace", "other").dump()),
       "with the Service other/s, where", false},
      {"another kind", answer(200, changed(patched_service(), "/kind", "Pod").dump()),
       "with the Pod default/s", false},
      {"a kind that is a number", answer(200, changed(patched_service(), "/kind", 5).dump()),
       "with the 5 default/s", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedServer server([&](const SeenRequest& request) {
      return request.method() == "GET" ? answer(200, plain_service().dump()) : row.reply;
    });
    Client client(config_for(server));
    const auto outcome = apply_change(client, {"default", "s", 80, ring});
    CHECK(count(server.seen(), "PATCH") == row.patches);
    if (!row.message) {
      if (!outcome) FAIL_CHECK(outcome.error().message);
      continue;
    }
    REQUIRE_FALSE(outcome);
    const std::string& message = outcome.error().message;
    CAPTURE(message);
    CHECK(contains(message, row.message));
    CHECK(message.ends_with(doubt) == row.doubted);
    CHECK(one_line(message));
    CHECK_FALSE(contains(message, "secret"));
  }
}

TEST_CASE("a server that takes its time is left at --request-timeout, and what it may have done is doubted") {
  const std::string body = patched_service().dump();
  Reply slow = answer(200, body);
  for (int i = 0; i < 50; ++i) slow.pieces.emplace_back(" ");
  slow.pause = 50ms;
  slow.pieces[0].resize(slow.pieces[0].size() - 5);
  const Reply rows[] = {{.pieces = {"", ""}, .pause = 2000ms}, slow};
  for (const Reply& reply : rows) {
    ScriptedServer server([&](const SeenRequest& request) {
      return request.method() == "GET" ? answer(200, plain_service().dump()) : reply;
    });
    ClusterConfig config = config_for(server);
    config.request_timeout = 200ms;
    Client client(config);
    const auto outcome = apply_change(client, {"default", "s", 80, ring});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::timeout);
    CHECK(contains(outcome.error().message, "did not answer in time"));
    CHECK(outcome.error().message.ends_with(doubt));
    CHECK(count(server.seen(), "PATCH") == 1);
  }
}

TEST_CASE("a dry run on the server stores nothing: there is nothing to doubt, but it must be shown") {
  const std::pair<Reply, const char*> rows[] = {
      {closing(""), "broke: it was closed before an answer came"},
      {answer(500, "boom", "text/plain"), "(InternalError): boom"},
      {answer(200, plain_service().dump()), "an admission webhook may have taken it away"}};
  for (const auto& [reply, message] : rows) {
    ScriptedServer server([&, given = reply](const SeenRequest& request) {
      return request.method() == "GET" ? answer(200, plain_service().dump()) : given;
    });
    Client client(config_for(server));
    const auto outcome = apply_change(client, {"default", "s", 80, ring}, {.dry_run = DryRun::server});
    REQUIRE_FALSE(outcome);
    CHECK(contains(outcome.error().message, message));
    CHECK_FALSE(contains(outcome.error().message, "ook with"));
    CHECK(count(server.seen(), "PATCH") == 1);
  }
}

TEST_CASE("a removal that the answer does not show is none") {
  ScriptedServer server([&](const SeenRequest&) { return answer(200, patched_service().dump()); });
  Client client(config_for(server));
  const auto outcome = apply_change(client, {"default", "s", 80, std::nullopt});
  REQUIRE_FALSE(outcome);
  CHECK(contains(outcome.error().message,
                 "still has the annotation junctionlabs.io/backend.lb.80: an admission"));
  CHECK(contains(outcome.error().message, look));
}
