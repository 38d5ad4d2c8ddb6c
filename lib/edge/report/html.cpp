#include "junction/report/html.hpp"

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "edge/report/page.hpp"
#include "edge/report/security_policy.hpp"
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
  std::string_view rest = page_template;
  const auto write_up_to = [&](std::string_view place, const std::string& text) {
    const std::size_t at = rest.find(place);
    out << rest.substr(0, at) << text;
    rest.remove_prefix(at + place.size());
  };
  write_up_to("@SECURITY@", security_policy(page_script));
  write_up_to("@RUN@", script_safe(page_data(report)));
  out << rest;
}

}  // namespace junction::report
