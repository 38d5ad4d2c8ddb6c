#include <doctest/doctest.h>

#include <string>

#include "junction/request.hpp"
#include "junction/url.hpp"

namespace junction {

TEST_CASE("URLs are taken apart") {
  struct Row {
    const char* text;
    Url expected;
  };
  for (const Row& row : {
           Row{"http://localhost:8011/wines?query=", {"http", "localhost", 8011, "/wines?query="}},
           Row{"HTTPS://Example.ORG", {"https", "example.org", 443, "/"}},
           Row{"http://a?x=1#frag", {"http", "a", 80, "/?x=1"}},
           Row{"http://[fd00::1]:81/p", {"http", "fd00::1", 81, "/p"}},
           Row{"http://a:/p", {"http", "a", 80, "/p"}},
       }) {
    CAPTURE(row.text);
    const auto url = Url::parse(row.text);
    REQUIRE(url.ok());
    CHECK(*url == row.expected);
  }
}

TEST_CASE("a URL that cannot be used is refused with the reason") {
  struct Row {
    const char* text;
    const char* reason;
  };
  for (const Row& row : {
           Row{"localhost:8011/wines", "no scheme"},
           Row{"", "no scheme"},
           Row{"ftp://a/", "'ftp'"},
           Row{"http://a b/", "space"},
           Row{"http:///path", "no host"},
           Row{"http://a:0/", "'0'"},
           Row{"http://a:99999/", "'99999'"},
           Row{"http://u:p@a/", "user names"},
           Row{"http://[::1/", "no host"},
       }) {
    CAPTURE(row.text);
    const auto url = Url::parse(row.text);
    REQUIRE_FALSE(url.ok());
    CHECK(url.error().message.find(row.reason) != std::string::npos);
  }
}

TEST_CASE("the query of a URL") {
  CHECK_FALSE(query_of("http://a/path").has_value());
  CHECK_FALSE(query_of("http://a/path#x?y").has_value());
  CHECK(query_of("http://a/path?") == "");
  CHECK(query_of("http://a/?x=1?2#f") == "x=1?2");
}

TEST_CASE("form decoding") {
  CHECK(form_decode("pinot+noir") == "pinot noir");
  CHECK(form_decode("pinot%20noir") == "pinot noir");
  CHECK(form_decode("%zz%4") == "%zz%4");
  CHECK(form_decode("a%FFb") ==
        "a\xEF\xBF\xBD"
        "b");
}

TEST_CASE("percent encoding leaves only unreserved characters") {
  CHECK(percent_encode("pinot noir") == "pinot%20noir");
  CHECK(percent_encode("a/b?c&d=e~._-") == "a%2Fb%3Fc%26d%3De~._-");
  CHECK(percent_encode("\xC3\xA9") == "%C3%A9");
}

}  // namespace junction

TEST_CASE("a password in a URL is not shown, whatever the text is") {
  struct Row {
    const char* url;
    const char* shown;
  };
  const Row rows[] = {
      {"https://host", "https://host"},
      {"https://host:6443/path?x=a@b", "https://host:6443/path?x=a@b"},
      {"https://host/@scope/x", "https://host/@scope/x"},
      {"https://host:6443/@scope/x", "https://host:6443/@scope/x"},
      {"https://[::1]:6443/a@b", "https://[::1]:6443/a@b"},
      {"https://ann:secret@host:6443/path", "https://...@host:6443/path"},
      {"https://secret@host", "https://...@host"},
      {"https://:secret@host", "https://...@host"},
      {"ann:secret@host:3128", "...@host:3128"},
      {"socks5://ann:secret@[::1]:9", "socks5://...@[::1]:9"},
      {"https://ann:se@cret@host", "https://...@host"},
      {"https://ann:sec/ret@host", "https://...@host"},
      {"https://ann:sec?r#et@host/x", "https://...@host/x"},
      {"", ""},
      {"://@", "://...@"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.url));
    CHECK(junction::masked_url(row.url) == row.shown);
  }
  const auto refused = junction::Url::parse("http://ann:secret@host/");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("secret") == std::string::npos);
}
