#include <doctest/doctest.h>

#include <string>

#include "junction/policy_json.hpp"

namespace junction {

TEST_CASE("policies are written as the control plane writes them") {
  struct Row {
    const char* given;
    const char* written;
  };
  for (
      const Row& row : {
          Row{R"({"type":"RingHash"})", R"({"type":"RingHash","min_ring_size":1024})"},
          Row{R"({"type":"RingHash","minRingSize":5,"hashParams":[{"type":"query","name":"q"}]})",
              R"({"type":"RingHash","min_ring_size":5,"hash_params":[{"type":"QueryParam","name":"q"}]})"},
          Row{R"({"type":"RingHash","hash_params":[{"type":"header","name":"h","terminal":true}]})",
              R"({"type":"RingHash","min_ring_size":1024,"hash_params":[{"type":"Header","name":"h","terminal":true}]})"},
          Row{R"({"type":"RoundRobin"})", R"({"type":"RoundRobin"})"},
          Row{R"({"type":"Unspecified","whatever":1})", R"({"type":"Unspecified"})"},
      }) {
    CAPTURE(row.given);
    const auto policy = parse_policy(row.given);
    REQUIRE(policy.ok());
    CHECK(policy_json(*policy) == row.written);
    CHECK(parse_policy(row.written).value() == *policy);
  }
}

TEST_CASE("what the control plane would refuse is refused by name") {
  struct Row {
    const char* given;
    const char* names;
  };
  for (const Row& row : {
           Row{"", "not JSON"},
           Row{"[]", "object"},
           Row{"{}", "no type"},
           Row{R"({"type":"Ringhash"})", "'Ringhash'"},
           Row{R"({"type":"RingHash","max_ring_size":9})", "'max_ring_size'"},
           Row{R"({"type":"RingHash","min_ring_size":-1})", "-1"},
           Row{R"({"type":"RingHash","min_ring_size":4294967296})", "4294967296"},
           Row{R"({"type":"RingHash","min_ring_size":1.5})", "1.5"},
           Row{R"({"type":"RingHash","min_ring_size":1,"minRingSize":1})", "both spellings"},
           Row{R"({"type":"RingHash","hash_params":{}})", "list"},
           Row{R"({"type":"RingHash","hash_params":[{"type":"Cookie","name":"c"}]})", "\"Cookie\""},
           Row{R"({"type":"RingHash","hash_params":[{"type":"Header"}]})", "no name"},
           Row{R"({"type":"RingHash","hash_params":[{"type":"Header","name":"h","ttl":1}]})", "'ttl'"},
           Row{R"({"type":"RingHash","hash_params":[{"type":"Header","name":"h","terminal":"yes"}]})",
               "\"yes\""},
       }) {
    CAPTURE(row.given);
    const auto policy = parse_policy(row.given);
    REQUIRE_FALSE(policy.ok());
    CHECK(policy.error().kind == ErrorKind::invalid);
    CHECK(policy.error().message.find(row.names) != std::string::npos);
  }
}

}  // namespace junction
