// Heads of requests: what is read out of them, and what is refused because nobody can be sure where the
// request ends.
#include "edge/sandbox/http_request.hpp"

#include <doctest/doctest.h>

using namespace junction::sandbox;

TEST_CASE("a head is read") {
  const auto request = parse_request_head(
      "PATCH /a%20b/c+d?query=pinot+noir&x=1%3D2=3&x=two&&flag HTTP/1.1\r\nHost: Example.ORG:8080\r\n"
      "content-type: \t application/json \r\nContent-Length: 12\r\nExpect: 100-Continue\r\n\r\n");
  REQUIRE(request.ok());
  CHECK(request->method == "PATCH");
  CHECK(request->target == "/a%20b/c+d?query=pinot+noir&x=1%3D2=3&x=two&&flag");
  CHECK(request->path == "/a b/c+d");
  CHECK(request->parameter("query") == "pinot noir");
  CHECK(request->parameter("x") == "1=2=3");
  CHECK(request->query.count("flag") == 1);
  CHECK(request->host == "example.org");
  CHECK(request->header("Content-Type") == "application/json");
  CHECK(request->header("Accept").empty());
  CHECK(request->content_length == 12);
  CHECK(request->expects_continue);
  CHECK(request->keep_alive);
}

TEST_CASE("where a request line leads") {
  struct Row {
    const char *name, *line, *path, *target, *host;
  };
  const Row rows[] = {
      {"a path", "GET /x HTTP/1.1", "/x", "/x", "here"},
      {"an absolute form, whose host counts", "GET http://There:80/x?y HTTP/1.1", "/x", "/x?y", "there"},
      {"in capitals", "GET HTTP://there/x HTTP/1.1", "/x", "/x", "there"},
      {"without a path", "GET http://there HTTP/1.1", "/", "/", "there"},
      {"with a query alone", "GET http://there?q HTTP/1.1", "/", "/?q", "there"},
      {"an IPv6 address", "GET http://[::1]:8/x HTTP/1.1", "/x", "/x", "[::1]"},
      {"all of the server", "OPTIONS * HTTP/1.1", "*", "*", "here"},
      {"a fragment, which is nobody's", "GET /x#y HTTP/1.1", "/x", "/x#y", "here"},
      {"a second question mark", "GET /x?y?z HTTP/1.1", "/x", "/x?y?z", "here"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto request = parse_request_head(std::string(row.line) + "\r\nHost: here\r\n\r\n");
    REQUIRE(request.ok());
    CHECK(request->path == row.path);
    CHECK(request->target == row.target);
    CHECK(request->host == row.host);
  }
}

TEST_CASE("what is in doubt is refused") {
  struct Row {
    const char* name;
    std::string head;
    int status;
  };
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n", post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const Row rows[] = {
      {"no HTTP", "hello\r\n\r\n", 400},
      {"nothing after the method", "GET \r\n\r\n", 400},
      {"no version", "GET /\r\n\r\n", 400},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a method that is none", "G{T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a target that is none", "GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"another scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a tunnel", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"a target without end", "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get + "Host: y\r\n\r\n", 400},
      {"a folded header", get + "A: b\r\n c\r\n\r\n", 400},
      {"a header before the first", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
      {"a space before the colon", get + "A : b\r\n\r\n", 400},
      {"no colon", get + "A\r\n\r\n", 400},
      {"a control character", get + "A: b\x1b\r\n\r\n", 400},
      {"a bare CR", get + "A: b\rC: d\r\n\r\n", 400},
      {"two lengths", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"a list of lengths", post + "Content-Length: 1, 1\r\n\r\n", 400},
      {"a negative length", post + "Content-Length: -1\r\n\r\n", 400},
      {"a signed length", post + "Content-Length: +1\r\n\r\n", 400},
      {"a length of too many digits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"a length and chunks", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunks twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"another coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"a coding nearly chunked", post + "Transfer-Encoding: xchunked\r\n\r\n", 501},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"another expectation", post + "Expect: miracles\r\n\r\n", 417},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto request = parse_request_head(row.head);
    REQUIRE(!request.ok());
    CHECK(request.error().status == row.status);
    CHECK(!request.error().why.empty());
  }
  std::string many = get;
  for (int i = 0; i < 100; ++i) many += "A: b\r\n";
  CHECK(parse_request_head(many + "\r\n").error().status == 431);
}

TEST_CASE("which connections go on") {
  struct Row {
    const char *name, *head;
    bool keep_alive;
  };
  const Row rows[] = {
      {"HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
      {"close, in any letters", "GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, CLOSE\r\n\r\n", false},
      {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", false},
      {"HTTP/1.0 that asks", "GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto request = parse_request_head(row.head);
    REQUIRE(request.ok());
    CHECK(request->keep_alive == row.keep_alive);
  }
}

TEST_CASE("where a head ends") {
  CHECK(!end_of_head("GET / HTTP/1.1\r\nHost: x\r\n"));
  CHECK(end_of_head("GET / HTTP/1.1\r\nHost: x\r\n\r\nbody") == 27);
  CHECK(end_of_head("GET / HTTP/1.1\nHost: x\n\nbody") == 24);
  CHECK(!end_of_head("GET / HTTP/1.1\r\nHost: x\r\n\r"));
}

TEST_CASE("a log shows no control characters") {
  CHECK(loggable("/a?query=\x1b]0;x\x07\r\n\"\xc3\xa4 ~%1b") == "/a?query=%1B]0;x%07%0D%0A%22%C3%A4%20~%1b");
}
