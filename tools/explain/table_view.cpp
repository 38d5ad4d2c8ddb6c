#include "tools/explain/table_view.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "junction/hash.hpp"
#include "tools/explain/steps.hpp"
#include "tools/explain/words.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {
namespace {

using junction::PickReason;
using enum Table::Align;

void print_head(const Report& report, std::ostream& out) {
  if (report.service)
    fmt::print(out, "Service:  {} port {}\n",
               printable(report.service->namespace_ + "/" + report.service->name), report.port);
  if (report.refused.empty() || report.policy.hashes())
    fmt::print(out, "Policy:   {} ({})\n", policy_words(report.policy), printable(report.policy_source));
  if (report.policy.hashes())
    fmt::print(out, "Ring:     {}, {} entries\n", report.implementation, report.ring_size);
  if (!report.refused.empty())
    fmt::print(out, "Refused:  {}; the control plane drops the Service\n", printable(report.refused));
}

std::string percent(std::uint64_t count, std::uint64_t total, std::size_t endpoints) {
  return total == 0 ? std::string()
                    : percent_words(static_cast<double>(count) / static_cast<double>(total), endpoints);
}

std::vector<Table::Column> endpoint_columns(const Report& report, bool wide) {
  std::vector<Table::Column> columns{{"ENDPOINT"}, {"POD"}};
  if (wide) columns.insert(columns.end(), {{"ZONE"}, {"READY"}, {"WEIGHT", right}});
  if (report.policy.hashes())
    columns.insert(columns.end(), {{"ENTRIES", right}, {"SHARE", right}, {"KEYS", right}});
  if (report.policy.hashes() && (wide || report.totals_only))
    columns.insert(columns.end(), {{"OF KEYS", right}, {"REQUESTS", right}, {"OF REQUESTS", right}});
  return columns;
}

void print_endpoints(const Report& report, bool wide, std::ostream& out) {
  out << '\n';
  if (report.endpoints.empty()) {
    out << "No endpoints.\n";
    return;
  }
  const Summary& summary = report.summary;
  Table table(endpoint_columns(report, wide));
  for (const EndpointRow& row : report.endpoints) {
    std::vector<std::string> cells{row.endpoint.address.to_string(), printable(row.endpoint.pod)};
    if (wide)
      cells.insert(cells.end(), {printable(row.endpoint.zone), row.endpoint.ready ? "true" : "false",
                                 fmt::to_string(row.endpoint.weight)});
    if (report.policy.hashes())
      cells.insert(cells.end(),
                   {fmt::to_string(row.entries), percent_words(row.share, report.endpoints.size()),
                    count_words(row.keys, summary.keys_exact)});
    if (report.policy.hashes() && (wide || report.totals_only))
      cells.insert(
          cells.end(),
          {percent(row.keys, summary.keys, report.endpoints.size()), fmt::to_string(row.requests),
           percent(row.requests, summary.requests - summary.random - summary.unknown - summary.unplaced,
                   report.endpoints.size())});
    table.add(std::move(cells));
  }
  table.print(out);
}

// A row a request, a column a client; "*" marks those that go elsewhere than Junction. Then the reasons, each
// once.
void print_matrix(const Report& report, std::ostream& out) {
  if (report.answers.empty()) return;
  std::vector<Table::Column> columns{{"REQUEST"}, {report.implementation}};
  for (const OtherClient& other : report.others) columns.push_back({other.implementation});
  Table table(std::move(columns));
  std::map<std::string, std::vector<std::string>> reasons;
  for (const Answer& answer : report.answers) {
    std::vector<std::string> cells{asked_words(answer.asked), place_words(answer.pick)};
    for (std::size_t i = 0; i < answer.others.size(); ++i) {
      const OtherPick& other = answer.others[i];
      cells.push_back(place_words(other.pick) + (other.difference.empty() ? "" : " *"));
      if (other.difference.empty()) continue;
      auto& who = reasons[other.difference];
      if (std::count(who.begin(), who.end(), report.others[i].implementation) == 0)
        who.push_back(report.others[i].implementation);
    }
    table.add(std::move(cells));
    for (std::size_t i = 0; i < answer.others.size(); ++i)
      if (!answer.others[i].difference.empty()) table.paint(i + 2, Colour::yellow);
  }
  out << '\n';
  table.print(out);
  if (reasons.empty()) return;
  out << "\n* elsewhere than Junction:\n";
  for (const auto& [reason, who] : reasons) fmt::print(out, "  {}: {}\n", fmt::join(who, ", "), reason);
}

void print_others(const Report& report, std::ostream& out) {
  for (const OtherClient& other : report.others)
    if (!other.refusal.empty())
      fmt::print(out, "\n{} would not start: {}\n", other.implementation, other.refusal);
}

void print_answers(const Report& report, bool wide, std::ostream& out) {
  if (report.answers.empty()) return;
  out << '\n';
  std::vector<Table::Column> columns{{"REQUEST"}, {"HASH"}, {"ENDPOINT"}, {"POD"}};
  if (wide) columns.push_back({"URL"});
  Table table(std::move(columns));
  for (const Answer& answer : report.answers) {
    const bool placed = answer.pick.reason == PickReason::ring_hash;
    std::vector<std::string> cells{
        asked_words(answer.asked), answer.pick.hash ? junction::hex64(*answer.pick.hash) : std::string(),
        place_words(answer.pick),
        placed ? printable(report.endpoints[answer.pick.endpoint].endpoint.pod) : std::string()};
    if (wide) cells.push_back(printable(answer.asked.url.value_or(std::string())));
    table.add(std::move(cells));
  }
  table.print(out);
}

void print_steps(const Report& report, std::ostream& out) {
  for (const Answer& answer : report.answers) {
    if (answer.steps.empty()) continue;
    fmt::print(out, "\n{} -> {}\n", asked_words(answer.asked), place_words(answer.pick));
    if (answer.asked.value) fmt::print(out, "  {:<12}{}\n", "request", printable(*answer.asked.url));
    for (const StepLine& line : steps_text(answer.steps))
      fmt::print(out, "  {:<12}{}\n", line.label, line.text);
  }
}

void print_heaviest(const Report& report, std::ostream& out) {
  const Summary& summary = report.summary;
  if (!report.totals_only || summary.heaviest.empty() || summary.heaviest.front().requests < 2) return;
  out << '\n';
  Table table({{"HEAVIEST KEYS"}, {"REQUESTS", right}, {"OF REQUESTS", right}, {"ENDPOINT"}});
  for (const HeavyKey& key : summary.heaviest)
    table.add({printable(key.key), fmt::to_string(key.requests),
               percent(key.requests, summary.requests, report.endpoints.size()),
               key.endpoint < report.endpoints.size()
                   ? report.endpoints[key.endpoint].endpoint.address.to_string()
                   : std::string()});
  table.print(out);
}

void print_summary(const Report& report, std::ostream& out) {
  const Summary& summary = report.summary;
  if (summary.requests < 2) return;
  fmt::print(out, "\n{}{} requests, {} distinct {}", summary.stopped ? "Stopped early: " : "",
             summary.requests, count_words(summary.keys, summary.keys_exact),
             summary.keys == 1 ? "key" : "keys");
  if (summary.random > 0) fmt::print(out, ", {} random", summary.random);
  if (summary.unknown > 0) fmt::print(out, ", {} unknown", summary.unknown);
  if (summary.unplaced > 0) fmt::print(out, ", {} with nowhere to go", summary.unplaced);
  if (summary.skipped > 0)
    fmt::print(out, ", {} {} without a request", summary.skipped, summary.skipped == 1 ? "line" : "lines");
  out << '\n';
}

Colour tone_of(junction::Severity severity) {
  return severity == junction::Severity::error     ? Colour::red
         : severity == junction::Severity::warning ? Colour::yellow
                                                   : Colour::cyan;
}

void print_lints(const Report& report, std::ostream& out) {
  if (!report.lints.empty()) out << '\n';
  for (const junction::Lint& lint : report.lints) {
    paint_text(out, tone_of(lint.severity), junction::severity_name(lint.severity));
    fmt::print(out, ": {}: {}\n  {}\n", lint.code, printable(lint.evidence), printable(lint.remedy));
  }
}

}  // namespace

void print_table(const Report& report, bool wide, std::ostream& out) {
  print_head(report, out);
  print_endpoints(report, wide, out);
  if (report.others.empty())
    print_answers(report, wide, out);
  else
    print_matrix(report, out);
  print_others(report, out);
  print_steps(report, out);
  print_heaviest(report, out);
  print_summary(report, out);
  print_lints(report, out);
}

}  // namespace junctionctl::explain
