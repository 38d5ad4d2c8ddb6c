// Any bytes as a line of a requests file: it is classified, parsed and hashed by every client without harm,
// and what was found lies within the line.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/bulk/line_scan.hpp"
#include "junction/implementation.hpp"
#include "junction/request_line.hpp"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void scan(std::string text) {
  text += '\n';
  const std::size_t size = text.size();
  text.append(junction::line_scan_slack, '\0');
  std::size_t bytes = 0;
  junction::for_each_line(
      std::string_view(text).substr(0, size), 30,
      [&](const char*, std::size_t length) { bytes += length + 1; },
      [&](std::string_view line) { bytes += line.size() + 1; });
  expect(bytes == size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using junction::HashParam;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  scan(std::string(line));
  const junction::RequestLine taken = junction::classify_line(line);
  expect(lies_in(taken.text, line) && lies_in(taken.method, line) && lies_in(taken.source_ip, line));
  expect(junction::unescape_log(line).size() <= line.size());
  const auto parsed = junction::parse_request_line(line, "query");
  if (!parsed) {
    expect(!parsed.error().message.empty());
    return 0;
  }
  if (!*parsed) return 0;
  const std::vector<HashParam> params{{HashParam::Type::query_param, "query", false},
                                      {HashParam::Type::header, "x-user", true},
                                      {HashParam::Type::cookie, "sid", false},
                                      {HashParam::Type::source_ip, "", false}};
  std::vector<junction::Header> room;
  const junction::Request request = (*parsed)->request(room);
  for (const junction::Implementation* implementation : junction::implementations()) {
    std::vector<junction::HashStep> steps;
    expect(implementation->hash(request, params) == implementation->hash(request, params, &steps));
    expect(!steps.empty());
  }
  return 0;
}
