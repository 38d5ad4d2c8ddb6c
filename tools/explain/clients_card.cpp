#include "tools/explain/clients_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "junction/report/page.hpp"
#include "tools/explain/words.hpp"

namespace junctionctl::explain {
namespace {

using junction::escape_html;

constexpr std::size_t most_requests = 200;  // of requests

// Why a client goes elsewhere, and for how many requests.
std::string reasons(const Report& report, std::size_t client) {
  std::map<std::string, std::uint64_t> counts;
  for (const Answer& answer : report.answers)
    if (const std::string& why = answer.others[client].difference; !why.empty()) ++counts[why];
  std::string html = escape_html(report.others[client].refusal);
  for (const auto& [why, count] : counts)
    html += fmt::format("{}{} ({})", html.empty() ? "" : "<br>", escape_html(why), count);
  return html;
}

std::string client_row(std::string_view name, std::size_t size, std::string_view elsewhere,
                       const std::string& why) {
  return fmt::format(
      "<tr><td><code>{0}</code></td><td class=\"num\">{1}</td><td class=\"num\" data-client=\"{0}\" "
      "data-field=\"differs\">{2}</td><td class=\"long\">{3}</td></tr>\n",
      name, size, elsewhere, why);
}

std::string client_rows(const Report& report) {
  std::string html =
      "<table id=\"client-table\"><tr><th>Client</th><th class=\"num\">Entries</th><th "
      "class=\"num\">Elsewhere</th><th>Why</th></tr>\n";
  html += client_row(report.implementation, report.ring_size, "-", "");
  for (std::size_t i = 0; i < report.others.size(); ++i) {
    const OtherClient& other = report.others[i];
    html += client_row(other.implementation, other.ring_size,
                       fmt::format("{} of {}", other.differs, report.summary.requests), reasons(report, i));
  }
  return html + "</table>\n";
}

std::string request_rows(const Report& report) {
  if (report.answers.empty()) return {};
  std::string html =
      fmt::format("<table id=\"client-requests\"><tr><th>Request</th><th>{}</th>", report.implementation);
  for (const OtherClient& other : report.others) html += fmt::format("<th>{}</th>", other.implementation);
  html += "</tr>\n";
  const std::size_t shown = std::min(report.answers.size(), most_requests);
  for (std::size_t i = 0; i < shown; ++i) {
    const Answer& answer = report.answers[i];
    html += fmt::format("<tr><td class=\"long\">{}</td><td><code>{}</code></td>",
                        escape_html(asked_words(answer.asked)), escape_html(place_words(answer.pick)));
    for (const OtherPick& other : answer.others)
      html += fmt::format("<td{}><code>{}</code>{}</td>", other.difference.empty() ? "" : " class=\"error\"",
                          escape_html(place_words(other.pick)), other.difference.empty() ? "" : " *");
    html += "</tr>\n";
  }
  html += "</table>\n";
  if (shown < report.answers.size())
    html +=
        fmt::format("<p class=\"muted\">The first {} of {} requests.</p>\n", shown, report.answers.size());
  return html;
}

}  // namespace

std::string clients_card(const Report& report) {
  if (report.others.empty()) return {};
  const bool differ = std::any_of(report.others.begin(), report.others.end(),
                                  [](const OtherClient& other) { return other.differs > 0; });
  return "<div class=\"card scroll\" id=\"clients\"><h2>Other clients</h2>\n" + client_rows(report) +
         request_rows(report) + (differ ? "<p class=\"muted\">* elsewhere than Junction</p>\n" : "") +
         "</div>\n";
}

}  // namespace junctionctl::explain
