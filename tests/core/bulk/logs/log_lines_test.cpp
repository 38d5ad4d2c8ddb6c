// A table of lines as servers write them; the names in it are made up, the shapes are from the documentation
// that each reader names.
#include <doctest/doctest.h>

#include <string>

#include "core/bulk/logs/log_format.hpp"
#include "core/bulk/logs/log_wrapper.hpp"

namespace junction {
namespace {

struct Read {
  LineIs is = LineIs::foreign;
  LogLine line;
};

// As the first family reads it that knows it.
Read read_line(std::string_view text, std::string& room) {
  const std::string_view inner = unwrapped(text, room);
  for (std::size_t i = 0; i < log_family_count; ++i) {
    Read read;
    read.is = read_log_line(static_cast<LogFamily>(i), W3cColumns::cloudfront(), inner, read.line);
    if (read.is != LineIs::foreign) return read;
  }
  return {};
}

}  // namespace

TEST_CASE("lines of every format: what was asked for, of whom, by whom, and who answered") {
  struct Row {
    const char* line;
    const char* format;  // "": no entry of any log; "-": one without a request
    const char* method = "";
    const char* target = "";
    const char* host = "";
    const char* source = "";
    const char* upstream = "";
  };
  constexpr const char* get = "GET";
  constexpr const char* red = "/search?query=red";
  const Row rows[] = {
      // common and combined
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 512)x", "common",
       get, red, "", "192.0.2.1"},
      {R"x(192.0.2.1 - ann [25/Nov/2025:10:00:00 +0000] "POST / HTTP/2.0" 200 -)x", "common", "POST", "/", "",
       "192.0.2.1"},
      {R"x(192.0.2.1 - ann lee [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.0" 200 1)x", "common", get, "/", "",
       "192.0.2.1"},
      {R"x(192.0.2.1 - "" [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.0" 200 1)x", "common", get, "/", "",
       "192.0.2.1"},
      {R"x(client.example - - [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.0" 200 1)x", "common", get, "/"},
      {R"x(2001:db8::1 - - [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 1)x", "common", get, "/", "",
       "2001:db8::1"},
      {R"x(fe80::1%eth0 - - [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 1)x", "common", get, "/", "",
       "fe80::1%eth0"},
      {R"x(127.0.0.1 - - [25/Nov/2025 10:00:00] "GET /search?query=red HTTP/1.1" 200 -)x", "common", get, red,
       "", "127.0.0.1"},
      {R"x(127.0.0.1:51234 recs - [2025-11-25T10:00:00Z] "GET http://recs/search?query=red HTTP/1.1" 200 5)x",
       "common", get, "http://recs/search?query=red", "", "127.0.0.1"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 512 "https://shop.example/search?query=white" "Mozilla/5.0 (X11)")x",
       "combined", get, red, "", "192.0.2.1"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 512 "-" "say \"GET /x HTTP/1.1\" twice")x",
       "combined", get, red, "", "192.0.2.1"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 512 0.004 "-" "curl/8" "203.0.113.9, 10.0.0.1")x",
       "combined", get, red, "", "192.0.2.1"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "-" 408 0 "-" "GET /search?query=evil HTTP/1.1")x",
       "-"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "\x16\x03\x01\x02" 400 0 "-" "-")x", "-"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "" 400 0 "-" "-")x", "-"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "get / HTTP/1.1" 400 0)x", "-"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /a b HTTP/1.1" 400 0)x", "-"},
      // vhost
      {R"x(recs:80 192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 1 "-" "curl/8")x",
       "vhost", get, red, "recs:80", "192.0.2.1"},
      {R"x(shop.example 2001:db8::1 - - [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 1)x", "vhost", get,
       "/", "shop.example", "2001:db8::1"},
      {R"x(cafe 192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 1)x", "vhost", get, "/",
       "cafe", "192.0.2.1"},
      // ingress-nginx, Traefik, APISIX
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 17 "-" "curl/8" 88 0.003 [shop-recs-80] [] 10.42.0.17:8080 17 0.003 200 4f5c)x",
       "ingress-nginx", get, red, "", "192.0.2.1", "10.42.0.17:8080"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 17 "-" "curl/8" 88 0.003 [shop-recs-80] [] 10.42.0.17:8080, 10.42.0.18:8080 0, 17 0.003, 0.001 502, 200 4f5c)x",
       "ingress-nginx", get, red, "", "192.0.2.1", "10.42.0.18:8080"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 503 17 "-" "curl/8" 88 0.003 [shop-recs-80] [] - - - - 4f5c)x",
       "ingress-nginx", get, red, "", "192.0.2.1"},
      {R"x(192.0.2.1 - [192.0.2.1] - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 17 "-" "curl/8" 88 0.003 [shop-recs-80] 10.42.0.17:8080 17 0.003 200)x",
       "combined", get, red, "", "192.0.2.1", "10.42.0.17:8080"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] "GET /search?query=red HTTP/1.1" 200 17 "-" "-" 1 "recs@docker" "http://10.42.0.17:80" 3ms)x",
       "traefik", get, red, "", "192.0.2.1", "10.42.0.17:80"},
      {R"x(192.0.2.1 - - [25/Nov/2025:10:00:00 +0000] shop.example "GET /search?query=red HTTP/1.1" 200 17 0.003 "-" "curl/8" 10.42.0.17:80 200 0.003 "http://shop.example")x",
       "vhost", get, red, "shop.example", "192.0.2.1", "10.42.0.17:80"},
      // Envoy and Istio
      {R"x([2025-11-25T10:00:00.000Z] "GET /search?query=red HTTP/1.1" 200 - 0 5 12 10 "203.0.113.9, 192.0.2.9" "curl/8.1" "0b9e3b0a" "shop.example:8000" "10.42.0.17:80")x",
       "envoy", get, red, "shop.example:8000", "192.0.2.9", "10.42.0.17:80"},
      {R"x([2025-11-25T10:00:00.000Z] "GET /search?query=red HTTP/2" 503 UH 0 5 12 - "-" "curl/8.1" "0b9e3b0a" "shop.example" "-")x",
       "envoy", get, red, "shop.example", ""},
      {R"x(ACCESS [2025-11-25T10:00:00.000Z] "GET / HTTP/1.1" 200 - 0 5 12 10 "192.0.2.9" "curl/8.1" "0b9e3b0a" "shop.example" "10.42.0.17:80")x",
       "envoy", get, "/", "shop.example", "192.0.2.9", "10.42.0.17:80"},
      {R"x([2025-11-25T10:00:00.000Z] "GET / HTTP/1.1" 200 - 0 5 12 10 "-" "an agent "with" quotes" "0b9e3b0a" "shop.example" "10.42.0.17:80")x",
       "envoy", get, "/", "shop.example", "", "10.42.0.17:80"},
      {R"x([2025-11-25T10:00:00.000Z] "GET /search?query=red HTTP/1.1" 200 - via_upstream - "-" 0 547 5 4 "-" "curl/7.73.0" "24e58e43" "recs:8000" "10.42.0.17:80" outbound|8000||recs.default.svc.cluster.local 10.42.0.9:51680 10.43.0.7:80 10.42.0.6:59022 - default)x",
       "istio", get, red, "recs:8000", "10.42.0.6", "10.42.0.17:80"},
      {R"x([2025-11-25T10:00:00.000Z] "GET /search?query=red HTTP/1.1" 200 - "-" "-" 0 547 5 4 "-" "curl/7.73.0" "24e58e43" "recs:8000" "10.42.0.17:80" inbound|80|http|recs - 10.42.0.17:80 10.42.0.6:59022 -)x",
       "istio", get, red, "recs:8000", "10.42.0.6", "10.42.0.17:80"},
      {R"x([2025-11-25T10:00:00.000Z] "- - -" 0 - "-" "-" 2279 3059 63 - "-" "-" "-" "-" "192.0.2.4:443" PassthroughCluster 10.0.0.93:37018 192.0.2.4:443 10.0.0.93:39849 - -)x",
       "-"},
      // HAProxy
      {R"x(192.0.2.1:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /search?query=red HTTP/1.1")x",
       "haproxy", get, red, "", "192.0.2.1", "static/srv1"},
      {R"x(<134>Feb  6 12:14:14 lb1 haproxy[14389]: 192.0.2.1:33317 [06/Feb/2009:12:14:14.655] http-in~ static/srv1 10/0/30/69/+109 200 +2750 - - ---- 1/1/1/1/0 0/0 {shop.example|Mozilla/5.0 (X11; x)} "GET /search?query=red HTTP/1.1")x",
       "haproxy", get, red, "", "192.0.2.1", "static/srv1"},
      {R"x(Feb 16 12:14:14 haproxy[14389]: ::ffff:192.0.2.1:33317 [06/Feb/2009:12:14:14.655] in s/<NOSRV> -1/-1/-1/-1/5 400 187 - - PR-- 0/0/0/0/0 0/0 "<BADREQ>")x",
       ""},
      {R"x(192.0.2.1:33317 [06/Feb/2009:12:14:14.655] in s/<NOSRV> -1/-1/-1/-1/5 400 187 - - PR-- 0/0/0/0/0 0/0 "<BADREQ>")x",
       "-"},
      {R"x(192.0.2.1:33317 [06/Feb/2009:12:14:14.655] in s/a 0/0/0/1/5 200 187 - - ---- 0/0/0/0/0 0/0 "GET /search?query=a-long-text-that-was-cut-o)x",
       "-"},
      {R"x(192.0.2.1:33317 [06/Feb/2009:12:14:14.655] in s/a 0/0/0/1/5 200 187 - - ---- 0/0/0/0/0 0/0 "GET https://shop.example/search?query=red HTTP/2.0")x",
       "haproxy", get, "https://shop.example/search?query=red", "", "192.0.2.1", "s/a"},
      // AWS
      {R"x(http 2025-11-25T10:00:00.186641Z app/my-lb/50dc6c495c0c9188 192.0.2.44:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://shop.example:80/search?query=red HTTP/1.1" "curl/7.46.0" - - arn "Root=1" "-" "-" 0 2025-11-25T10:00:00.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-")x",
       "alb", get, "http://shop.example:80/search?query=red", "", "192.0.2.44", "10.0.0.1:80"},
      {R"x(h2 2025-11-25T10:00:00.186641Z app/my-lb/50dc [2001:db8::1]:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET https://shop.example:443/search?query=white HTTP/2.0" "curl/7.46.0" - - arn "Root=1" "-" "-" 0 t "forward" "-" "-" "10.0.0.1:80" "200" "-" "-")x",
       "alb", get, "https://shop.example:443/search?query=white", "", "2001:db8::1", "10.0.0.1:80"},
      {R"x(http 2025-11-25T10:00:00.186641Z app/my-lb/50dc 192.0.2.44:2817 - -1 -1 -1 400 - 0 0 "- http://shop.example:80- -" "-" - - - "-" "-" "-" - t "-" "-" "-" "-" "-" "-" "-")x",
       "-"},
      {R"x(2015-05-13T23:39:43.945958Z my-lb 192.0.2.44:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://shop.example:80/ HTTP/1.1" "curl/7.38.0" - -)x",
       "alb", get, "http://shop.example:80/", "", "192.0.2.44", "10.0.0.1:80"},
      {"2025-11-25\t10:00:00\tFRA2\t182\t192.0.2.10\tGET\td111.cloudfront.net\t/search\t200\t-\tMozilla/"
       "5.0%20(X11)\tquery=red\t-\tHit\tabc\tshop.example\thttps\t23\t0.001\t-",
       "cloudfront", get, "/search", "shop.example", "192.0.2.10"},
      // uvicorn
      {R"x(INFO:     10.42.0.1:53210 - "GET /search?query=red HTTP/1.1" 200 OK)x", "uvicorn", get, red, "",
       "10.42.0.1"},
      {R"x(INFO:     [2001:db8::1]:5 - "GET /search?query=red HTTP/1.1" 200 OK)x", "uvicorn", get, red, "",
       "2001:db8::1"},
      {R"x(2025-11-25 10:00:00,123 uvicorn.access INFO 10.42.0.1:53210 - "GET /search?query=red HTTP/1.1" 200)x",
       "uvicorn", get, red, "", "10.42.0.1"},
      {"\x1b[32mINFO\x1b[0m:     10.42.0.1:53210 - \"\x1b[1mGET /search?query=red HTTP/1.1\x1b[0m\" "
       "\x1b[32m200 OK\x1b[0m",
       "uvicorn", get, red, "", "10.42.0.1"},
      {"INFO:     Application startup complete.", ""},
      // logfmt
      {R"x(at=info method=GET path="/search?query=red" host=shop.example request_id=8 fwd="192.0.2.1" dyno=web.1 status=200)x",
       "logfmt", get, red, "shop.example"},
      {R"x(time=2025-11-25T10:00:00Z level=INFO msg=request method=GET uri=/search?query=red remote_addr=192.0.2.1:4321 upstream_addr=10.42.0.17:80)x",
       "logfmt", get, red, "", "192.0.2.1", "10.42.0.17:80"},
      // any other with a request in quotes, or in words
      {R"x([25/Nov/2025 10:00:00] "GET /search?query=red HTTP/1.1" 200 12)x", "quoted", get, red},
      {R"x(1764064800.123 45 192.0.2.1 TCP_MISS/200 512 "GET /search?query=red HTTP/1.1")x", "quoted", get,
       red, "", "192.0.2.1"},
      {R"x(10:00:00 192.0.2.1 "GET /search?query=red HTTP/1.1" 200)x", "quoted", get, red, "", "192.0.2.1"},
      {R"x(10.42.0.9 192.0.2.1 "GET /search?query=red HTTP/1.1" 200)x", "quoted", get, red},
      {R"x(2025/11/25 10:00:00 "GET http://shop.example/search?query=red HTTP/1.1" from 192.0.2.1:1234 - 200 2B in 1ms)x",
       "quoted", get, "http://shop.example/search?query=red", "", "192.0.2.1"},
      {R"x(2025/11/25 10:00:01 [error] 31#31: *1 connect() failed (111), client: 192.0.2.1, server: , request: "GET /search?query=white HTTP/1.1", host: "shop")x",
       ""},
      {R"x(2025/11/25 10:00:01 [error] 31#31: *1 open() "/usr/x" failed, client: 192.0.2.1, request: "GET /search?query=white HTTP/1.1", host: "shop")x",
       ""},
      {"GET /search?query=red 200", "words", get, red},
      {"[GIN] 2025/11/25 - 10:00:00 | 200 |     1.2ms |       192.0.2.1 | GET      \"/search?query=red\"",
       "words", get, red, "", "192.0.2.1"},
      {"Started GET \"/search?query=red\" for 192.0.2.1 at 2025-11-25 10:00:00 +0000", "words", get, red, "",
       "192.0.2.1"},
      {"\x1b[0mGET /search?query=red \x1b[32m200\x1b[0m 12.3 ms - 512\x1b[0m", "words", get, red},
      {"      Request starting HTTP/1.1 GET http://shop.example/search?query=red - -", "words", get,
       "http://shop.example/search?query=red"},
      {"      Request finished HTTP/1.1 GET http://shop.example/search?query=red - 200", ""},
      // what is put around lines on their way
      {R"x([pod/recs-1/app] INFO:     10.42.0.1:5 - "GET /search?query=red HTTP/1.1" 200 OK)x", "uvicorn",
       get, red, "", "10.42.0.1"},
      {R"x([pod/recs-1/app] 2025-11-25T10:00:00.123456789Z 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x",
       "common", get, red, "", "192.0.2.1"},
      {R"x(2025-11-25T10:00:00.123456789Z stdout F 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x",
       "common", get, red, "", "192.0.2.1"},
      {R"x(recs-7c9d4b6f5-2xkqz app 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x", "common",
       get, red, "", "192.0.2.1"},
      {R"x(recs-7c9d4b6f5-2xkqz istio-proxy [2025-11-25T10:00:00.000Z] "GET / HTTP/1.1" 200 - 0 5 12 10 "192.0.2.9" "curl/8.1" "0b9e" "shop" "10.42.0.17:80")x",
       "envoy", get, "/", "shop", "192.0.2.9", "10.42.0.17:80"},
      {R"x(recs-1  | 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x", "common", get, red, "",
       "192.0.2.1"},
      {R"x(<190>Nov 25 10:00:00 web1 nginx: 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x",
       "common", get, red, "", "192.0.2.1"},
      {R"x(<134>1 2025-11-25T10:00:00Z web1 nginx 12 - - 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x",
       "common", get, red, "", "192.0.2.1"},
      {R"x(2025-11-25T10:00:00+0000 web1 nginx[12]: 192.0.2.1 - - [t] "GET /search?query=red HTTP/1.1" 200 1)x",
       "common", get, red, "", "192.0.2.1"},
      // what is no entry
      {"", ""},
      {"Starting gunicorn 21.2.0", ""},
      {"Listening at: http://0.0.0.0:8080 (1)", ""},
      {"/docker-entrypoint.sh: Configuration complete; ready for start up", ""},
      {"  File \"/app/main.py\", line 10, in get", ""},
      {"pinot noir", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    std::string room;
    const Read read = read_line(row.line, room);
    const std::string format = row.format;
    if (format.empty() || format == "-") {
      CHECK(read.is == (format.empty() ? LineIs::foreign : LineIs::no_request));
      continue;
    }
    CHECK(read.is == LineIs::request);
    CHECK(read.line.variant == format);
    CHECK(read.line.method == row.method);
    CHECK(read.line.target == row.target);
    CHECK(read.line.host.value_or("") == row.host);
    CHECK(read.line.source == row.source);
    CHECK(read.line.upstream == row.upstream);
  }
}

TEST_CASE("headers that a log records, and those that it does not") {
  struct Row {
    const char* line;
    std::optional<std::string_view> agent, referer, forwarded;
  };
  const Row rows[] = {
      {R"x(192.0.2.1 - - [t] "GET / HTTP/1.1" 200 1)x", {}, {}, {}},
      {R"x(192.0.2.1 - - [t] "GET / HTTP/1.1" 200 1 "-" "-")x", "", "", {}},
      {R"x(192.0.2.1 - - [t] "GET / HTTP/1.1" 200 1 "http://r/" "a b" "10.0.0.1")x", "a b", "http://r/",
       "10.0.0.1"},
      {R"x([t] "GET / HTTP/1.1" 200 - 0 5 12 10 "10.0.0.1" "curl/8" "id" "host" "-")x",
       "curl/8",
       {},
       "10.0.0.1"},
      {R"x(INFO: 10.0.0.1:5 - "GET / HTTP/1.1" 200 OK)x", {}, {}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    std::string room;
    const LogLine line = read_line(row.line, room).line;
    CHECK(line.user_agent == row.agent);
    CHECK(line.referer == row.referer);
    CHECK(line.forwarded_for == row.forwarded);
  }
}

TEST_CASE("addresses are parsed, not matched by their letters") {
  struct Row {
    const char* text;
    const char* address;
  };
  const Row rows[] = {{"192.0.2.1", "192.0.2.1"},
                      {"192.0.2.1:80", "192.0.2.1"},
                      {"[2001:db8::1]:80", "2001:db8::1"},
                      {"[2001:db8::1]", "2001:db8::1"},
                      {"2001:db8::1", "2001:db8::1"},
                      {"::1", "::1"},
                      {"fe80::1%3", "fe80::1%3"},
                      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
                      {"cafe", ""},
                      {"10:00:00", ""},
                      {"1764064800.123", ""},
                      {"1.2.3", ""},
                      {"1.2.3.4.5", ""},
                      {"300.1.1.1", ""},
                      {"recs:80", ""},
                      {"face:80", ""},
                      {"", ""},
                      {"-", ""},
                      {"[::1", ""},
                      {"[::1]x", ""},
                      {"192.0.2.1,", ""},
                      {":", ""},
                      {"[]", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(ip_address_in(row.text) == row.address);
  }
}

TEST_CASE("a file is a log, or a list of requests, by what most of its beginning is") {
  const std::string common = R"x(192.0.2.1 - - [t] "GET /a?query=red HTTP/1.1" 200 1)x";
  const std::string values = "red\nwhite\npinot noir\n";
  const std::pair<std::string, std::string> rows[] = {
      {values, ""},
      {"/a?query=red\nhttp://h/?query=red\n", ""},
      {"red\nhttp://recs/?query=red\n/a\n" + common, ""},
      {"Starting gunicorn 21.2.0\n" + common + "\nTraceback (most recent call last):\n", "common"},
      {"/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty\n" + common, "common"},
      {"2025/11/25 10:00:00 [notice] 1#1: start worker processes\n", "quoted"},
      {"2025-11-25\n2025-11-26\n", ""},
      {"10:00:00 192.0.2.1 \"GET /a HTTP/1.1\" 200\n1 2 \"GET /b HTTP/1.1\"\n" + common, "quoted"},
      {common + " \"-\" \"curl\"\n" + common + " \"-\" \"curl\"\n" + common, "combined"},
      {"#Version: 1.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip\n2025-11-25 10:00:00 GET "
       "/a query=red 192.0.2.1\n",
       "w3c"},
      {"GET /a?query=red 200\nstarting\n", "words"},
  };
  for (const auto& [text, format] : rows) {
    CAPTURE(text);
    LogDetector detector;
    std::string room;
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      detector.add(line, unwrapped(line, room));
    }
    const LogFormat* const found = detector.format();
    CHECK((found ? found->name : "") == format);
  }
}

TEST_CASE("escapes of every log are the bytes they stand for") {
  CHECK(unescaped(R"x(/?q=\x22a\xc3\xa9\\\")x", Escapes::backslash, false) == "/?q=\"a\xc3\xa9\\\"");
  CHECK(unescaped(R"x(a\tb)x", Escapes::backslash, true) == "a\tb");
  CHECK(unescaped("/?q=#22#zz%20", Escapes::hash, false) == "/?q=\"#zz%20");
  CHECK(unescaped("Mozilla/5.0%20(X11)", Escapes::percent, true) == "Mozilla/5.0 (X11)");
  CHECK(unescaped("/?q=a%20b", Escapes::percent, false) == "/?q=a%20b");
  CHECK(unescaped("a+b", Escapes::plus, true) == "a b");
}

}  // namespace junction
