// Clients that mean no good: they say nothing, say it slowly, say too much, or leave in doubt where a request
// ends.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "edge/sandbox/http_server.hpp"
#include "tests/edge/sandbox/raw_client.hpp"

using namespace junction::sandbox;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// A server that says what it was asked: method, path and body.
class Echo {
 public:
  explicit Echo(ConnectionLimits limits = {}, std::size_t longest_body = 100) : connections(limits) {
    HttpService service;
    service.handler = [this](const HttpRequest& request, HttpResponse& response) {
      ++answered;
      if (request.path == "/throw") throw std::runtime_error("a mistake");
      if (request.path == "/stream") {
        response.stream = [count = 0](std::string& chunk) mutable { return chunk += "event\n", ++count < 3; };
        return;
      }
      response.body = fmt::format("<{} {} {}{}>", request.method, request.path, request.body,
                                  request.too_long ? "too long" : "");
    };
    service.wants_body = [](const HttpRequest& request) { return request.method == "POST"; };
    service.longest_body = longest_body;
    service.on_trouble = [this](const std::string& line) { trouble += line; };
    junction::SocketAddress any;
    any.ip = {127, 0, 0, 1};
    auto started = HttpServer::start(any, std::move(service), connections);
    REQUIRE(started.ok());
    server = *std::move(started);
  }

  /// What comes back for these bytes until `last` is among it and, where the server is to close, it has.
  std::string ask(const std::string& bytes, const std::string& last, bool closes) const {
    RawClient client(server->address());
    client.send(bytes);
    std::string text = client.receive(last);
    text += closes ? client.receive_all() : client.receive("", 20ms);
    CHECK(client.closed() == closes);
    return text;
  }

  ConnectionRegistry connections;
  std::atomic<int> answered = 0;
  std::string trouble;
  std::unique_ptr<HttpServer> server;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

template <typename Condition>
bool soon(Condition condition, std::chrono::milliseconds patience = 10s) {
  const auto until = Clock::now() + patience;
  while (!condition() && Clock::now() < until) std::this_thread::sleep_for(5ms);
  return condition();
}

constexpr const char* get = "GET /fine HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_CASE("six hundred connections that say nothing do not keep the next one out") {
  Echo echo({.connections = 50, .thread_idle = 50ms});
  std::vector<RawClient> silent;
  for (int i = 0; i < 600; ++i) {
    silent.emplace_back(echo.server->address());
    if (i % 100 == 99) CHECK(RawClient(echo.server->address()).send(get));
  }
  CHECK(soon([&] { return echo.connections.connections() <= 50; }));
  CHECK(echo.connections.threads() <= 52);
  RawClient client(echo.server->address());
  CHECK(client.send(get));
  CHECK(client.receive("fine").find("200 OK") != std::string::npos);
  silent.clear();
  CHECK(soon([&] { return echo.connections.threads() <= 1; }));  // the client's; threads go away
}

TEST_CASE("who is being answered is not driven out") {
  Echo echo({.connections = 3});
  std::vector<RawClient> clients;
  RawClient reader(echo.server->address());
  CHECK(reader.send(get));
  CHECK(reader.receive("fine").find("200 OK") != std::string::npos);
  // Waits for its next request, and so goes when others come; a client knows how to open another connection.
  for (int i = 0; i < 5; ++i) clients.emplace_back(echo.server->address());
  CHECK(soon([&] {
    reader.receive_all();
    return reader.closed();
  }));
}

TEST_CASE("slow heads, bodies and idle connections are closed in time") {
  struct Row {
    const char *name, *first, *drip;
    const char* answer;
  };
  const Row rows[] = {
      {"nothing at all", "", nullptr, ""},
      {"a head that drips", "GET / HTTP/1.1\r\n", "A: b\r\n", "408 Request Timeout"},
      {"a head that stops", "GET / HTTP/1.1\r\nHo", nullptr, "408 Request Timeout"},
      {"a body that drips", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n", "x",
       "408 Request Timeout"},
      {"a body that stops", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
       nullptr, "408 Request Timeout"},
      {"a body that nobody wants", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", nullptr,
       "<GET / >"},
      {"no further request", get, nullptr, "<GET /fine >"},
  };
  Echo echo({.head = 150ms, .idle = 200ms});
  for (const Row& row : rows) {
    CAPTURE(row.name);
    RawClient client(echo.server->address());
    const auto start = Clock::now();
    CHECK(client.send(row.first));
    std::string text;
    while (!client.closed() && Clock::now() < start + 5s) {
      if (row.drip) client.send(row.drip);
      text += client.receive("", 20ms);
    }
    CHECK(client.closed());
    CHECK(Clock::now() - start < 2s);
    CHECK(text.find(row.answer) != std::string::npos);
  }
}

TEST_CASE("no byte of a body becomes a request") {
  struct Row {
    const char* name;
    std::string bytes;
    std::size_t answers;
    bool closed;
    const char* says;
    const char* last = says;  ///< of the last answer
  };
  const std::string host = " HTTP/1.1\r\nHost: x\r\n", inner = "GET /smuggled" + host + "\r\n",
                    next = "GET /next" + host + "\r\n";
  const std::string length = fmt::format("Content-Length: {}\r\n\r\n", inner.size());
  const std::string chunked =
      "Transfer-Encoding: chunked\r\n\r\n" + fmt::format("{:x}\r\n", inner.size()) + inner + "\r\n0\r\n\r\n";
  const Row rows[] = {
      {"GET", "GET /a" + host + length + inner + next, 2, false, "<GET /next >"},
      {"HEAD", "HEAD /a" + host + length + inner + next, 2, false, "<GET /next >"},
      {"DELETE", "DELETE /a" + host + length + inner + next, 2, false, "<GET /next >"},
      {"GET in chunks", "GET /a" + host + chunked + next, 1, true, "<GET /a >"},
      {"GET with more than is read past", "GET /a" + host + "Content-Length: 100000\r\n\r\n" + inner, 1, true,
       "<GET /a >"},
      {"POST", "POST /a" + host + length + inner + next, 2, false, "<POST /a GET /smuggled", "<GET /next >"},
      {"POST in chunks", "POST /a" + host + chunked + next, 2, false, "<POST /a GET /smuggled",
       "<GET /next >"},
      {"POST with more than is taken", "POST /a" + host + "Content-Length: 101\r\n\r\n" + inner, 1, true,
       "too long"},
      {"POST with more chunks than are taken",
       "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + inner, 1, true, "too long"},
      {"two framings", "POST /a" + host + "Content-Length: 4\r\n" + chunked, 1, true, "400 Bad Request"},
      {"a chunk's size that is none", "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + inner,
       1, true, "400 Bad Request"},
      {"a chunk's size with a sign", "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + inner, 1,
       true, "400 Bad Request"},
      {"a chunk's size without end",
       "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\n" + std::string(5000, '0'), 1, true,
       "400 Bad Request"},
      {"a chunk longer than its size",
       "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 1, true,
       "400 Bad Request"},
      {"trailers",
       "POST /a" + host + "Transfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\nA: b\r\n\r\n" + next, 2,
       false, "<POST /a a>"},
      {"requests one after the other", next + next + "GET /next2" + host + "\r\n", 3, false, "<GET /next >",
       "<GET /next2 >"},
      {"a head without end", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40'000, 'x'), 1, true,
       "431 Request Header"},
      {"no HTTP", "\x16\x03\x01\r\n\r\n", 1, true, "400 Bad Request"},
  };
  Echo echo;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string answer = echo.ask(row.bytes, row.last, row.closed);
    CAPTURE(answer);
    CHECK(count(answer, "HTTP/1.1 ") == row.answers);
    CHECK(answer.find("<GET /smuggled") == std::string::npos);
    CHECK(answer.find(row.says) != std::string::npos);
  }
}

TEST_CASE("100 Continue comes where a body is wanted, and not otherwise") {
  Echo echo;
  RawClient client(echo.server->address());
  CHECK(client.send("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
  CHECK(client.receive("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.send("abc"));
  CHECK(client.receive(">").find("<POST /a abc>") != std::string::npos);
  for (const char* const head :
       {"POST /a HTTP/1.1\r\nContent-Length: 999999999\r\n", "PUT /a HTTP/1.1\r\nContent-Length: 3\r\n"}) {
    CAPTURE(head);
    const std::string answer =
        echo.ask(std::string(head) + "Host: x\r\nExpect: 100-continue\r\n\r\n", ">", true);
    CHECK(answer.starts_with("HTTP/1.1 200 OK"));
  }
}

TEST_CASE("a stream comes in the framing of the client's HTTP") {
  Echo echo;
  CHECK(echo.ask("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", "0\r\n\r\n", false)
            .ends_with("\r\n\r\n6\r\nevent\n\r\n6\r\nevent\n\r\n6\r\nevent\n\r\n0\r\n\r\n"));
  const std::string answer =
      echo.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "event", true);
  CHECK(answer.ends_with("Connection: close\r\n\r\nevent\nevent\nevent\n"));
}

TEST_CASE("a handler's mistake is told, and the connection goes on") {
  Echo echo;
  const std::string answer =
      echo.ask("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(get), "fine >", false);
  CHECK(answer.find("500 Internal Server Error") != std::string::npos);
  CHECK(answer.find("<GET /fine >") != std::string::npos);
  CHECK(answer.find("EXCEPTION_WHAT") == std::string::npos);
  CHECK(echo.trouble == "GET /throw: a mistake");
}

TEST_CASE("without descriptors a server waits for some") {
  Echo echo;
  std::vector<RawClient> clients(10);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit none = before;
  none.rlim_cur = 3;  // every number from 3 on is too high, for what is opened from now on
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  for (RawClient& client : clients) CHECK(client.connect(echo.server->address()));
  std::this_thread::sleep_for(60ms);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  int answered = 0;
  for (RawClient& client : clients)
    if (client.send(get) && client.receive("fine").find("200 OK") != std::string::npos) ++answered;
  CHECK(answered >= 9);  // the first may have been let in, and been sent away to make room
}

TEST_CASE("a server that stops ends its own connections, and no other's") {
  Echo echo;
  RawClient idle(echo.server->address());
  CHECK(idle.send(get));
  CHECK(idle.receive("fine").find("200 OK") != std::string::npos);
  int closed_by_others = 0;
  echo.connections.end(&closed_by_others);
  CHECK(echo.connections.connections() == 1);
  echo.server->stop();
  CHECK(echo.connections.connections() == 0);
  idle.receive_all();
  CHECK(idle.closed());
}
