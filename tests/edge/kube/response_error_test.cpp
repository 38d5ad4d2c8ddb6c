#include "edge/kube/response_error.hpp"

#include <doctest/doctest.h>

#include "junction/kube/client.hpp"
#include "tests/edge/kube/answers.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("each kind of trouble is a message of one line that says what is the matter") {
  const std::string page = "<html><head><title>403 Blocked by policy</title></head><body>x</body></html>";
  struct Row {
    const char* name;
    Reply reply;
    ErrorKind kind;
    const char* message;
  };
  Reply truncated = answer(200, std::string(100, ' '));
  truncated.pieces[0].resize(truncated.pieces[0].size() - 50);
  truncated.close = true;
  const Row rows[] = {
      {"401", answer(401, status(401, "Unauthorized", "Unauthorized")), ErrorKind::unauthorized,
       "You must be logged in to the server"},
      {"403",
       answer(403, status(403, "Forbidden", "services \"s\" is forbidden: User \"u\" cannot patch resource")),
       ErrorKind::forbidden,
       "Error from server (Forbidden): services \"s\" is forbidden: User \"u\" cannot patch"},
      {"404", answer(404, status(404, "NotFound", "services \"s\" not found")), ErrorKind::not_found,
       "Error from server (NotFound): services \"s\" not found"},
      {"404 of no API server", answer(404, "404 page not found\n", "text/plain"), ErrorKind::not_found,
       "Error from server (NotFound): 404 page not found"},
      {"410", answer(410, status(410, "Expired", "too old")), ErrorKind::expired, "(Expired): too old"},
      {"415", answer(415, status(415, "UnsupportedMediaType", "the body")), ErrorKind::invalid,
       "UnsupportedMediaType"},
      {"422", answer(422, status(422, "Invalid", "Service \"s\" is invalid")), ErrorKind::invalid,
       "The request is invalid: Service \"s\" is invalid"},
      {"422 of an object",
       answer(422, R"({"message":"Service \"s\" is invalid: x: Too long","reason":"Invalid",)"
                   R"("details":{"kind":"Service","name":"s"}})"),
       ErrorKind::invalid, "The Service \"s\" is invalid: x: Too long"},
      {"500 without a reason", answer(500, R"({"kind":"Status","code":500,"message":"boom"})"),
       ErrorKind::server, "Error from server (InternalError): boom"},
      {"504 labelled as text",
       answer(504, R"({"message":"Timeout: request did not complete"})", "text/plain"), ErrorKind::timeout,
       "(Timeout): Timeout: request did not complete"},
      {"a proxy's page", answer(403, page, "text/html"), ErrorKind::forbidden,
       "answered 403 with a web page (403 Blocked by policy): is there a proxy in between?"},
      {"a page instead of an object", answer(200, page, "text/html"), ErrorKind::server,
       "is it a Kubernetes API server, or is there a proxy in between?"},
      {"a truncated body", truncated, ErrorKind::network, "broke"},
      {"no answer at all", {.pieces = {""}, .close = true}, ErrorKind::network, "broke"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ScriptedServer server([&](const SeenRequest&) { return row.reply; });
    Client client(config_for(server));
    const auto result = client.patch("/api/v1/x", PatchType::merge, "{}");
    REQUIRE_FALSE(result);
    CAPTURE(result.error().message);
    CHECK(result.error().kind == row.kind);
    CHECK(contains(result.error().message, row.message));
    CHECK_FALSE(contains(result.error().message, "\n"));
    CHECK_FALSE(contains(result.error().message, "secret"));
    CHECK(server.seen().size() == 1);  // a patch is not sent twice for any of these
  }
}

TEST_CASE("a conflict of server-side apply names the owners and the remedy") {
  const json body{
      {"kind", "Status"},
      {"code", 409},
      {"reason", "Conflict"},
      {"message", "Apply failed with 1 conflict: conflict with \"other\": .metadata.annotations.x"},
      {"details",
       {{"causes", {{{"reason", "FieldManagerConflict"}, {"message", "conflict with \"other\""}}}}}}};
  ScriptedServer server([&](const SeenRequest&) { return answer(409, body.dump()); });
  Client client(config_for(server));
  const auto result = client.patch("/api/v1/x", PatchType::apply, "{}");
  REQUIRE_FALSE(result);
  CHECK(contains(result.error().message, "conflict with \"other\": .metadata.annotations.x"));
  CHECK(contains(result.error().message, "--force-conflicts"));
  CHECK(result.error().kind == ErrorKind::owned);
}

TEST_CASE("a server that is down, and one that is slow") {
  int port = 0;
  {
    port = ScriptedServer([](const SeenRequest&) { return answer(200, service); }).port();
  }
  Client down({.server = "http://127.0.0.1:" + std::to_string(port)});
  const auto refused = down.get("/api/v1/x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "The connection to the server 127.0.0.1:" + std::to_string(port) +
                                       " was refused - did you specify the right host or port?");

  ScriptedServer slow([](const SeenRequest&) {
    return Reply{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", "{"}, .pause = 400ms};
  });
  ClusterConfig config = config_for(slow);
  config.request_timeout = 100ms;
  Client client(config);
  const auto late = client.get("/api/v1/x");
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::timeout);
  CHECK(contains(late.error().message, "did not answer in time"));
}
