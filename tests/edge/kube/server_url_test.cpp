#include "edge/kube/server_url.hpp"

#include <doctest/doctest.h>

using namespace junction;
using namespace junction::kube;

TEST_CASE("a server's URL is read as kubectl reads it") {
  struct Row {
    const char* text;
    const char *scheme, *authority, *port, *base, *whole;
  };
  const Row rows[] = {
      {"https://k:6443", "https", "k:6443", "6443", "", "https://k:6443"},
      {"https://k", "https", "k", "443", "", "https://k"},
      {"http://k", "http", "k", "80", "", "http://k"},
      {"https://k:", "https", "k", "443", "", "https://k"},
      {"k:8001", "http", "k:8001", "8001", "", "http://k:8001"},
      {"HTTPS://k:6443///", "https", "k:6443", "6443", "", "https://k:6443"},
      {"https://k/k8s/clusters/c-1/", "https", "k", "443", "/k8s/clusters/c-1", "https://k/k8s/clusters/c-1"},
      {"https://k:6443/?x=1", "https", "k:6443", "6443", "", "https://k:6443"},
      {"https://k:6443/a#b", "https", "k:6443", "6443", "/a", "https://k:6443/a"},
      {"https://[fd00::1]:6443", "https", "[fd00::1]:6443", "6443", "", "https://[fd00::1]:6443"},
      {"https://[fd00::1]/a", "https", "[fd00::1]", "443", "/a", "https://[fd00::1]/a"},
      {"https://ann:pw@k:6443/a", "https", "k:6443", "6443", "/a", "https://ann:pw@k:6443/a"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    const auto url = ServerUrl::parse(row.text);
    if (!url) {
      FAIL_CHECK(url.error().message);
      continue;
    }
    CHECK(url->scheme == row.scheme);
    CHECK(url->authority() == row.authority);
    CHECK(url->port == row.port);
    CHECK(url->base == row.base);
    CHECK(url->to_string() == row.whole);
  }
}

TEST_CASE("what is no server's URL is refused by name, and shows no password") {
  const std::pair<const char*, const char*> rows[] = {
      {"ftp://ann:secret@k", "the server 'ftp://...@k' cannot be used: it is no http or https URL"},
      {"https://ann:secret@", "the server 'https://...@' cannot be used: it names no host"},
      {"https://", "it names no host"},
      {"", "it names no host"},
      {"https://:6443", "it names no host"},
      {"https://k:0", "its port is no number from 1 to 65535"},
      {"https://k:65536", "its port is no number from 1 to 65535"},
      {"https://k:http", "its port is no number from 1 to 65535"},
      {"https://k x", "it has a space or a control character in it"},
      {"https://k\r\nX: y", "it has a space or a control character in it"},
  };
  for (const auto& [text, message] : rows) {
    CAPTURE(std::string(text));
    const auto url = ServerUrl::parse(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().message.find(message) != std::string::npos);
    CHECK(url.error().message.find("secret") == std::string::npos);
  }
}
