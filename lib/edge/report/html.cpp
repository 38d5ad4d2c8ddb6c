#include "junction/report/html.hpp"

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "edge/report/page.hpp"
#include "edge/report/to_json.hpp"

namespace junction::report {
namespace {

using Json = nlohmann::ordered_json;

// The page draws no histogram but those of the whole run; the others would only make it large.
Json page_data(const RunReport& report) {
  Json data = to_json(report);
  for (const char* groups : {"by_code", "by_query", "by_endpoint"}) {
    for (Json& group : data[groups]) group.erase("histogram");
  }
  for (Json& slot : data["series"]["slots"]) slot.erase("histogram");
  data["histograms"]["response"] = buckets_to_json(report.tally.response());
  return data;
}

// JSON that may stand in a script element: no "<" ends it or starts a comment there.
std::string script_safe(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

void write_html(const RunReport& report, std::ostream& out) {
  constexpr std::string_view place = "@RUN@";
  const std::string_view page = page_template;
  const std::size_t at = page.find(place);
  out << page.substr(0, at) << script_safe(page_data(report)) << page.substr(at + place.size());
}

}  // namespace junction::report
