#include <doctest/doctest.h>

#include <string>

#include "junction/endpoint.hpp"

namespace junction {

TEST_CASE("addresses survive the way to text and back") {
  for (const char* text : {"10.42.0.17:80", "127.0.0.1:65535", "0.0.0.0:0", "[fd00::17]:80", "[::1]:8080",
                           "[fe80::1%3]:80", "[::ffff:10.0.0.1]:80"}) {
    CAPTURE(text);
    const auto address = SocketAddress::parse(text);
    REQUIRE(address.ok());
    CHECK(address->to_string() == text);
  }
}

TEST_CASE("what is no address is refused by name") {
  for (const char* text :
       {"", ":", "10.42.0.17", "10.42.0.17:", "10.42.0.17:65536", "10.42.0.17:-1", "10.42.0.17:80x",
        "10.42.0:80", "010.42.0.17:80", "fd00::17:80", "[10.42.0.17]:80", "[fd00::17", "[fd00::17]",
        "[fe80::1%eth0]:80", "[]:80", "example.org:80", " 10.42.0.17:80"}) {
    CAPTURE(text);
    const auto address = SocketAddress::parse(text);
    REQUIRE_FALSE(address.ok());
    CHECK(address.error().kind == ErrorKind::usage);
    CHECK(address.error().message.find(text) != std::string::npos);
  }
}

}  // namespace junction
