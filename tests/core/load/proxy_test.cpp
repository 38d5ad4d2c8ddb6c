#include "junction/proxy.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using junction::environment_proxy;
using junction::Proxy;
using junction::Url;

TEST_CASE("a proxy is a host, a port and perhaps credentials") {
  struct Row {
    const char* text;
    Proxy expected;
  };
  const std::vector<Row> rows = {
      {"http://proxy.corp:3128", {"proxy.corp", 3128, ""}},
      {"proxy.corp:3128", {"proxy.corp", 3128, ""}},
      {"HTTP://proxy.corp:3128/", {"proxy.corp", 3128, ""}},
      {"proxy.corp", {"proxy.corp", 1080, ""}},
      {"proxy.corp:80", {"proxy.corp", 80, ""}},
      {"http://[fd00::1]:8080", {"fd00::1", 8080, ""}},
      {"http://[fd00::1]", {"fd00::1", 1080, ""}},
      {"http://ann:s%40crt@10.0.0.1:8080", {"10.0.0.1", 8080, "ann:s@crt"}},
      {"http://ann:100%25@10.0.0.1:8080", {"10.0.0.1", 8080, "ann:100%"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto proxy = Proxy::parse(row.text);
    REQUIRE(proxy.ok());
    CHECK(*proxy == row.expected);
  }
}

TEST_CASE("what is no proxy to use is refused, without its password") {
  for (const char* const text :
       {"socks5://ann:secret@proxy:1080", "https://ann:secret@proxy:443", "ann:secret@:80",
        "ann:secret@proxy:port", "ann:secret@pro xy:80", "http://ann:secret@proxy:99999"}) {
    CAPTURE(text);
    const auto proxy = Proxy::parse(text);
    REQUIRE_FALSE(proxy.ok());
    CHECK(proxy.error().kind == junction::ErrorKind::usage);
    CHECK(proxy.error().message.find("secret") == std::string::npos);
    CHECK(proxy.error().message.find("the proxy '") != std::string::npos);
  }
}

TEST_CASE("no_proxy names hosts, domains, addresses and ranges") {
  struct Row {
    const char* list;
    const char* host;
    bool bypasses;
  };
  const std::vector<Row> rows = {
      {"", "shop.example", false},
      {"*", "shop.example", true},
      {"shop.example", "shop.example", true},
      {"SHOP.example", "shop.EXAMPLE", true},
      {"example", "shop.example", true},
      {".example", "shop.example", true},
      {".shop.example", "shop.example", true},
      {"op.example", "shop.example", false},
      {"shop.example.org", "shop.example", false},
      {"a.b, shop.example", "shop.example", true},
      {"a.b shop.example", "shop.example", true},
      {"10.0.0.0/8", "10.1.2.3", true},
      {"10.0.0.0/8", "11.1.2.3", false},
      {"10.128.0.0/9", "10.127.0.1", false},
      {"0.0.0.0/0", "11.1.2.3", true},
      {"10.0.0.0/33", "10.0.0.0", false},
      {"10.0.0.0/x", "10.0.0.0", false},
      {"10.1.2.3", "10.1.2.3", true},
      {"3", "10.1.2.3", false},
      {"fd00::/16", "fd00::1", true},
      {"[fd00::1]", "fd00::1", true},
      {"10.0.0.0/8", "fd00::1", false},
      {",,", "shop.example", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.list);
    CAPTURE(row.host);
    CHECK(junction::bypasses_proxy(row.list, row.host) == row.bypasses);
  }
}

TEST_CASE("the environment names the proxy of a URL") {
  struct Row {
    const char* url;
    std::map<std::string, std::string> environment;
    const char* expected;  // host:port; empty: none
  };
  const std::vector<Row> rows = {
      {"http://shop.example/", {}, ""},
      {"http://shop.example/", {{"http_proxy", "p:1"}, {"https_proxy", "q:2"}}, "p:1"},
      {"https://shop.example/", {{"http_proxy", "p:1"}, {"https_proxy", "q:2"}}, "q:2"},
      {"https://shop.example/", {{"HTTPS_PROXY", "q:2"}, {"ALL_PROXY", "r:3"}}, "q:2"},
      {"https://shop.example/", {{"ALL_PROXY", "r:3"}}, "r:3"},
      {"http://shop.example/", {{"all_proxy", "r:3"}}, "r:3"},
      {"http://shop.example/", {{"HTTP_PROXY", "evil:1"}}, ""},
      {"http://shop.example/", {{"http_proxy", "p:1"}, {"no_proxy", ".example"}}, ""},
      {"http://shop.example/", {{"http_proxy", "p:1"}, {"NO_PROXY", "shop.example"}}, ""},
      {"http://localhost:8011/", {{"http_proxy", "p:1"}}, ""},
      {"http://shop.localhost/", {{"http_proxy", "p:1"}}, ""},
      {"http://127.0.0.9/", {{"http_proxy", "p:1"}}, ""},
      {"http://[::1]/", {{"http_proxy", "p:1"}}, ""},
      {"http://[::ffff:127.0.0.1]/", {{"http_proxy", "p:1"}}, ""},
      {"http://127.example.com/", {{"http_proxy", "p:1"}}, "p:1"},
      {"http://10.0.0.1/", {{"http_proxy", "p:1"}}, "p:1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    const auto variable = [&row](const char* name) {
      const auto at = row.environment.find(name);
      return at == row.environment.end() ? std::string() : at->second;
    };
    const auto proxy = environment_proxy(*Url::parse(row.url), variable);
    REQUIRE(proxy.ok());
    CHECK((*proxy ? (*proxy)->authority() : "") == row.expected);
  }
  const auto bad = environment_proxy(*Url::parse("https://shop.example/"), [](const char* name) {
    return std::string(name) == "ALL_PROXY" ? "socks5://127.0.0.1:9050" : "";
  });
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().message.starts_with("ALL_PROXY: the proxy 'socks5://127.0.0.1:9050'"));
}

TEST_CASE("this machine is known by its names and addresses, which are parsed") {
  for (const char* host :
       {"localhost", "LocalHost", "shop.localhost", "127.0.0.1", "127.255.255.254", "127.9.9.9", "::1",
        "[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "[::ffff:127.8.0.1]", "::ffff:7f00:1"}) {
    CAPTURE(std::string(host));
    CHECK(junction::is_this_machine(host));
  }
  for (const char* host :
       {"", "127.example.com", "127.0.0.1.example.com", "127.0.0", "localhost.example.com", "notlocalhost",
        "128.0.0.1", "126.255.255.255", "10.0.0.1", "0.0.0.0", "::", "::2", "[::2]", "::ffff:128.0.0.1",
        "::127.0.0.1", "1::ffff:127.0.0.1", "[127.0.0.1", "example.com"}) {
    CAPTURE(std::string(host));
    CHECK_FALSE(junction::is_this_machine(host));
  }
}
