#include "tools/explain/html_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "junction/hash.hpp"
#include "junction/policy_json.hpp"
#include "junction/report/page.hpp"
#include "tools/explain/clients_card.hpp"
#include "tools/explain/ring_picture.hpp"
#include "tools/explain/words.hpp"

namespace junctionctl::explain {
namespace {

using junction::escape_html;
using junction::PickReason;

constexpr std::size_t most_rows = 200;

// Pointing at anything of an endpoint fades the others.
constexpr std::string_view script = R"js(
document.documentElement.dataset.script = "ran";
const parts = document.querySelectorAll("[data-endpoint]");
for (const part of parts) {
  part.addEventListener("mouseenter", () => {
    for (const p of parts) p.classList.toggle("fade", p.tagName !== "TR" && p.dataset.endpoint !== part.dataset.endpoint);
  });
  part.addEventListener("mouseleave", () => { for (const p of parts) p.classList.remove("fade"); });
}
)js";

std::string title_of(const Report& report) {
  if (!report.service) return fmt::format("{} endpoints", report.endpoints.size());
  return fmt::format("{}/{}:{}", report.service->namespace_, report.service->name, report.port);
}

std::string number_card(std::string_view id, std::string_view label, std::string_view value) {
  return fmt::format("<div class=\"card\"><b id=\"{}\">{}</b><span class=\"muted\">{}</span></div>\n", id,
                     value, label);
}

std::string head(const Report& report) {
  const Summary& summary = report.summary;
  std::string html =
      fmt::format("<h1>{}</h1>\n<p class=\"muted\">{}<br>{}</p>\n", escape_html(title_of(report)),
                  escape_html(policy_words(report.policy)), escape_html(report.policy_source));
  if (!report.refused.empty())
    html += fmt::format("<p class=\"error\">Refused: {}</p>\n", escape_html(report.refused));
  html += "<div class=\"cards\">\n";
  html += number_card("endpoints", "endpoints", fmt::to_string(report.endpoints.size()));
  html += number_card("ring-size", report.implementation + " ring size", fmt::to_string(report.ring_size));
  html += number_card("imbalance", "largest share / mean", fmt::format("{:.2f}", summary.imbalance));
  html += number_card("requests", "requests", fmt::to_string(summary.requests));
  html += number_card("keys", "distinct keys", count_words(summary.keys, summary.keys_exact));
  html += number_card("random", "random", fmt::to_string(summary.random));
  return html + "</div>\n";
}

// A bar of `part`; a mark stands at `ideal`. Both are parts of `whole`, the right end.
std::string bar(double part, double ideal, double whole, std::string_view colour) {
  const double scale = whole > 0 ? 100 / whole : 0;
  std::string html = fmt::format("<div class=\"bar\"><i style=\"width:{:.2f}%;background:{}\"></i>",
                                 std::min(100.0, part * scale), colour);
  if (ideal > 0) html += fmt::format("<u style=\"left:{:.2f}%\"></u>", std::min(99.0, ideal * scale));
  return html + "</div>";
}

std::string endpoint_row(const Report& report, std::size_t index, double whole) {
  const EndpointRow& row = report.endpoints[index];
  const std::string colour = colour_of(index, report.endpoints.size());
  const double ideal = 1.0 / static_cast<double>(report.endpoints.size());
  return fmt::format(
      "<tr data-endpoint=\"{}\"><td class=\"name\"><span class=\"dot\" "
      "style=\"background:{}\"></span><code>{}</code>{}</td>"
      "<td>{}</td><td class=\"num\" data-field=\"share\">{}</td><td class=\"num\" "
      "data-field=\"entries\">{}</td>"
      "<td class=\"num\" data-field=\"keys\">{}</td><td class=\"num\" data-field=\"requests\">{}</td></tr>\n",
      index, colour, escape_html(row.endpoint.address.to_string()),
      row.endpoint.pod.empty()
          ? ""
          : fmt::format("<br><span class=\"muted\">{}</span>", escape_html(row.endpoint.pod)),
      bar(row.share, ideal, whole, colour), percent_words(row.share, report.endpoints.size()), row.entries,
      count_words(row.keys, report.summary.keys_exact), row.requests);
}

std::string endpoints_card(const Report& report) {
  double whole = 0;
  for (const EndpointRow& row : report.endpoints) whole = std::max(whole, row.share);
  std::string html =
      "<div class=\"card scroll tall\"><h2>Shares of the hash space</h2>\n<table "
      "id=\"endpoint-table\"><tr><th>Endpoint</th>"
      "<th>Share, and the ideal</th><th class=\"num\"></th><th class=\"num\">Entries</th><th "
      "class=\"num\">Keys</th>"
      "<th class=\"num\">Requests</th></tr>\n";
  const std::size_t shown = std::min(report.endpoints.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i) html += endpoint_row(report, i, whole * 1.1);
  html += "</table>\n";
  if (shown < report.endpoints.size())
    html +=
        fmt::format("<p class=\"muted\">The first {} of {} endpoints.</p>\n", shown, report.endpoints.size());
  return html + "</div>\n";
}

std::string ring_card(const Report& report) {
  if (report.placement.empty()) return {};
  return fmt::format("<div class=\"columns\">\n<div class=\"card\"><h2>{}</h2>{}</div>\n{}</div>\n",
                     report.placement.table() ? "The table" : "The ring", ring_svg(report),
                     endpoints_card(report));
}

std::string plain_endpoints_card(const Report& report) {
  if (!report.placement.empty() || report.endpoints.empty()) return {};
  return endpoints_card(report);
}

std::string heaviest_card(const Report& report) {
  const auto& heaviest = report.summary.heaviest;
  if (heaviest.empty() || heaviest.front().requests < 2) return {};
  std::string html =
      "<div class=\"card scroll\"><h2>Heaviest keys</h2>\n<table "
      "id=\"heaviest-table\"><tr><th>Key</th><th></th>"
      "<th class=\"num\">Requests</th><th class=\"num\">Part</th><th>Endpoint</th></tr>\n";
  for (const HeavyKey& key : heaviest) {
    const bool placed = key.endpoint < report.endpoints.size();
    const double part = static_cast<double>(key.requests) / static_cast<double>(report.summary.requests);
    html += fmt::format(
        "<tr><td class=\"long\">{}</td><td>{}</td><td class=\"num\" data-field=\"requests\">{}</td>"
        "<td class=\"num\">{:.1f}%</td><td><code>{}</code></td></tr>\n",
        escape_html(key.key),
        bar(static_cast<double>(key.requests), 0, static_cast<double>(heaviest.front().requests),
            placed ? colour_of(key.endpoint, report.endpoints.size()) : "var(--muted)"),
        key.requests, 100 * part,
        placed ? escape_html(report.endpoints[key.endpoint].endpoint.address.to_string()) : "-");
  }
  return html + "</table></div>\n";
}

std::string answer_row(const Report& report, const Answer& answer) {
  const bool placed = answer.pick.reason == PickReason::ring_hash;
  const std::string pod = placed ? report.endpoints[answer.pick.endpoint].endpoint.pod : std::string();
  return fmt::format(
      "<tr><td class=\"long\">{}</td><td class=\"code\" data-field=\"hash\">{}</td><td "
      "data-field=\"endpoint\">"
      "<code>{}</code></td><td class=\"muted\">{}</td></tr>\n",
      escape_html(asked_words(answer.asked)), answer.pick.hash ? junction::hex64(*answer.pick.hash) : "-",
      escape_html(place_words(answer.pick)), escape_html(pod));
}

std::string answers_card(const Report& report) {
  if (report.answers.empty()) return {};
  const std::size_t shown = std::min(report.answers.size(), most_rows);
  std::string html =
      "<div class=\"card scroll\"><h2>Requests</h2>\n<table "
      "id=\"request-table\"><tr><th>Request</th><th>Hash</th>"
      "<th>Endpoint</th><th>Pod</th></tr>\n";
  for (std::size_t i = 0; i < shown; ++i) html += answer_row(report, report.answers[i]);
  html += "</table>\n";
  if (shown < report.answers.size())
    html +=
        fmt::format("<p class=\"muted\">The first {} of {} requests.</p>\n", shown, report.answers.size());
  return html + "</div>\n";
}

std::string lints_card(const Report& report) {
  std::string html = "<div class=\"card\" id=\"lints\"><h2>Lints</h2>\n";
  if (report.lints.empty())
    html += fmt::format("<p class=\"good\">Nothing to say{}.</p>\n",
                        report.others.empty() ? ": all looks well" : " of the Service and its ring");
  for (const junction::Lint& lint : report.lints)
    html += fmt::format(
        "<div class=\"lint\"><span class=\"chip {0}\">{0}</span><code>{1}</code><p>{2}</p>"
        "<p class=\"muted\">{3}</p></div>\n",
        junction::severity_name(lint.severity), escape_html(lint.code), escape_html(lint.evidence),
        escape_html(lint.remedy));
  return html + "</div>\n";
}

}  // namespace

std::string html_page(const Report& report, std::string json) {
  const std::string body = head(report) + ring_card(report) + plain_endpoints_card(report) +
                           clients_card(report) + lints_card(report) + heaviest_card(report) +
                           answers_card(report) + "<footer>junctionctl explain</footer>\n";
  return junction::render_page({.title = title_of(report) + " - junctionctl explain",
                                .body = body,
                                .data = std::move(json),
                                .script = std::string(script)});
}

}  // namespace junctionctl::explain
