#include <doctest/doctest.h>

#include <string>

#include "junction/request_line.hpp"

namespace junction {

TEST_CASE("the request behind a line") {
  struct Row {
    const char* line;
    const char* url;
  };
  const Row rows[] = {
      {"red", "/?query=red"},
      {"pinot noir", "/?query=pinot+noir"},
      {"a&b=c#\xff", "/?query=a%26b%3Dc%23%FF"},
      {"http://h/?q=1", "http://h/?q=1"},
      {"/a?q=1", "/a?q=1"},
      {R"({"url":"http://h/"})", "http://h/"},
      {R"({"url":"/x","headers":[["a","1"],["a","2"]]})", "/x"},
      {R"({"url":"/x","headers":{"a":"1"},"method":"POST","source_ip":"192.0.2.1"})", "/x"},
      {R"(192.0.2.1 - - [t] "GET /?q=\x22 HTTP/1.1" 200 1)", "/?q=\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto parsed = parse_request_line(row.line, "query");
    REQUIRE(parsed.ok());
    REQUIRE(parsed->has_value());
    CHECK((*parsed)->url == row.url);
    CHECK_FALSE((*parsed)->hash.has_value());
  }
  const auto with_headers = parse_request_line(rows[6].line, "query");
  std::vector<Header> room;
  const Request request = (*with_headers)->request(room);
  REQUIRE(request.headers.size() == 2);
  CHECK(request.headers[1].value == "2");
  CHECK((*parse_request_line(R"({"hash":"00000000000000ff"})", ""))->hash == 255);
  CHECK_FALSE(parse_request_line("", "query")->has_value());
  CHECK_FALSE(parse_request_line("INFO:     Started server process [1]", "query")->has_value());
}

TEST_CASE("bad lines are refused, with the text and the remedy") {
  struct Row {
    const char* line;
    const char* message;
  };
  const Row rows[] = {
      {"{", "'{': not JSON"},
      {"{}", "16 hex digits"},
      {R"({"url":"/","hash":"0000000000000000"})", "16 hex digits"},
      {R"({"hash":"12"})", "'12' is not 16 hex digits"},
      {R"({"hash":7})", "wrong type"},
      {R"({"url":"/","headers":[["a"]]})", "wrong type"},
      {R"({"uri":"/"})", "unknown field 'uri'"},
      {R"({"url":"red"})", "'red' is not a URL"},
      {"http://", "it has no host"},
      {"/a b", "%20"},
      {"[1]", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto parsed = parse_request_line(row.line, "query");
    if (*row.message == '\0') {
      CHECK(parsed.ok());
      continue;
    }
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message.find(row.message) != std::string::npos);
  }
  const auto no_parameter = parse_request_line("red", "");
  REQUIRE_FALSE(no_parameter.ok());
  CHECK(no_parameter.error().message.find("write a URL") != std::string::npos);
}

}  // namespace junction
