#include <doctest/doctest.h>

#include <string>

#include "junction/request_line.hpp"

namespace junction {

TEST_CASE("what each line of a requests file is") {
  struct Row {
    const char* line;
    LineKind kind;
    const char* text;
    const char* method = "";
    const char* source_ip = "";
  };
  const Row rows[] = {
      {"", LineKind::blank, ""},
      {"\r\n", LineKind::blank, ""},
      {"   ", LineKind::blank, ""},
      {"red", LineKind::value, "red"},
      {"pinot noir\r\n", LineKind::value, "pinot noir"},
      {" red ", LineKind::value, " red "},
      {"100%+", LineKind::value, "100%+"},
      {"say \"hi\"", LineKind::value, "say \"hi\""},
      {"a GET /x HTTP/1.1", LineKind::value, "a GET /x HTTP/1.1"},
      {"http", LineKind::value, "http"},
      {"http://h/?q=1", LineKind::url, "http://h/?q=1"},
      {"HTTPS://h", LineKind::url, "HTTPS://h"},
      {"/a?q=1", LineKind::target, "/a?q=1"},
      {" {\"url\":\"/\"} ", LineKind::json, "{\"url\":\"/\"}"},
      {"192.0.2.1 - - [23/Nov/2026:17:00:00 +0000] \"GET /wines?query=red HTTP/1.1\" 200 17",
       LineKind::access_log, "/wines?query=red", "GET", "192.0.2.1"},
      {"2001:db8::1 - ann [23/Nov/2026:17:00:00 +0000] \"POST / HTTP/2.0\" 200 17 \"http://r/\" \"curl/8 "
       "\\\"x\\\"\"",
       LineKind::access_log, "/", "POST", "2001:db8::1"},
      {"192.0.2.1 - - [t] \"-\" 400 0 \"-\" \"-\"", LineKind::no_request, ""},
      {"192.0.2.1 - - [t] \"\\x16\\x03\\x01\" 400 157", LineKind::no_request, ""},
      {"192.0.2.1 - - [t] \"get / HTTP/1.1\" 400 157", LineKind::no_request, ""},
      {"INFO:     10.42.0.1:53210 - \"GET /recommendations/?query=pinot%20noir HTTP/1.1\" 200 OK",
       LineKind::access_log, "/recommendations/?query=pinot%20noir", "GET", "10.42.0.1"},
      {"INFO:     [2001:db8::1]:5 - \"GET /a HTTP/1.1\" 200 OK", LineKind::access_log, "/a", "GET",
       "2001:db8::1"},
      {"INFO:     Application startup complete.", LineKind::no_request, ""},
      {"[pod/recs-1/app] INFO:     10.0.0.1:5 - \"GET /a HTTP/1.1\" 200 OK", LineKind::access_log, "/a",
       "GET", ""},
      {"\"GET /a HTTP/1.1\"", LineKind::access_log, "/a", "GET", ""},
      {"\"GET", LineKind::value, "\"GET"},
      {"\"GET \"", LineKind::value, "\"GET \""},
      {"[ \"GET / HTTP/1.1", LineKind::access_log, "/", "GET", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const RequestLine line = classify_line(row.line);
    CHECK(line.kind == row.kind);
    CHECK(line.text == row.text);
    CHECK(line.method == row.method);
    CHECK(line.source_ip == row.source_ip);
  }
}

TEST_CASE("what logs escape is unescaped") {
  CHECK(classify_line("1.2.3.4 - - [t] \"GET /?q=\\x22a\\x22 HTTP/1.1\" 200 1").escaped);
  CHECK(unescape_log("/?q=\\x22a\\xc3\\xa9\\\\\\\"") == "/?q=\"a\xc3\xa9\\\"");
  CHECK(unescape_log("\\x2") == "x2");
  CHECK(unescape_log("\\xzz") == "xzz");
  CHECK(unescape_log("a\\") == "a\\");
}

}  // namespace junction
