#include "edge/kube/json_lines.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace junction;
using namespace junction::kube;
using nlohmann::json;

TEST_CASE("lines are cut wherever the chunks begin and end, and empty ones passed over") {
  const std::string stream = "{\"a\":1}\n\r\n\n[2]\r\n\"three\"\n4";
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    CAPTURE(size);
    JsonLines lines;
    std::vector<json> found;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      lines.add(stream.substr(at, size));
      while (true) {
        auto line = lines.next();
        REQUIRE(line);
        if (!*line) break;
        found.push_back(**line);
      }
    }
    CHECK(found == std::vector<json>{json{{"a", 1}}, json{2}, "three"});  // 4 has not ended yet
  }
}

TEST_CASE("a line that is no JSON, too deep or too long is an error") {
  struct Row {
    const char* name;
    std::string data;
    const char* message;
  };
  const Row rows[] = {
      {"no JSON", "{\"a\":}\n", "a line of it is no JSON: line 1, column 6"},
      {"too deep", std::string(501, '[') + std::string(501, ']') + "\n", "a line of it is no JSON"},
      {"too long", std::string(JsonLines::longest_line + 1, ' ') + "\n",
       "a line of it is longer than 16 MiB"},
      {"never ending", std::string(JsonLines::longest_line + 1, '['), "a line of it is longer than 16 MiB"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    JsonLines lines;
    lines.add(row.data);
    const auto line = lines.next();
    REQUIRE_FALSE(line);
    CAPTURE(line.error().message);
    CHECK(line.error().kind == ErrorKind::server);
    CHECK(line.error().message.starts_with(row.message));
  }
  JsonLines lines;
  lines.add("\"" + std::string(JsonLines::longest_line - 2, 'x') + "\"\n");
  const auto longest = lines.next();
  REQUIRE(longest);
  CHECK(longest.value());
}
