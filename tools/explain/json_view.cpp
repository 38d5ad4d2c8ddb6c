#include "tools/explain/json_view.hpp"

#include <fmt/ostream.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "junction/documents.hpp"
#include "junction/hash.hpp"
#include "junction/policy_json.hpp"
#include "tools/explain/steps.hpp"

namespace junctionctl::explain {
namespace {

using junction::PickReason;
using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

double part(std::uint64_t count, std::uint64_t total) {
  return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
}

ordered_json endpoint_json(const EndpointRow& row, const Summary& summary) {
  ordered_json view{{"address", row.endpoint.address.to_string()},
                    {"pod", text_or_null(row.endpoint.pod)},
                    {"zone", text_or_null(row.endpoint.zone)},
                    {"ready", row.endpoint.ready},
                    {"entries", row.entries},
                    {"share", row.share},
                    {"keys", row.keys},
                    {"requests", row.requests},
                    {"share_by_key", part(row.keys, summary.keys)},
                    {"share_by_traffic", part(row.requests, summary.requests - summary.random -
                                                                summary.unknown - summary.unplaced)}};
  if (row.endpoint.weight != 1) view["weight"] = row.endpoint.weight;
  if (!row.endpoint.hash_key.empty()) view["hash_key"] = row.endpoint.hash_key;
  if (!row.endpoint.hostname.empty()) view["hostname"] = row.endpoint.hostname;
  return view;
}

ordered_json hash_json(const junction::Pick& pick) {
  return pick.hash ? ordered_json(junction::hex64(*pick.hash)) : ordered_json(nullptr);
}

ordered_json endpoint_json(const junction::Pick& pick) {
  return pick.reason == PickReason::ring_hash ? ordered_json(pick.address.to_string())
                                              : ordered_json(nullptr);
}

// Where each client takes the request, Junction's own first, and why those that differ do.
ordered_json others_json(const Answer& answer, const Report& report) {
  ordered_json view;
  view[report.implementation] = {{"hash", hash_json(answer.pick)}, {"endpoint", endpoint_json(answer.pick)}};
  for (std::size_t i = 0; i < answer.others.size(); ++i) {
    const OtherPick& other = answer.others[i];
    ordered_json item{{"hash", hash_json(other.pick)}, {"endpoint", endpoint_json(other.pick)}};
    if (!other.difference.empty()) item["differs"] = other.difference;
    view[report.others[i].implementation] = std::move(item);
  }
  return view;
}

ordered_json answer_json(const Answer& answer, const Report& report) {
  const bool placed = answer.pick.reason == PickReason::ring_hash;
  ordered_json view{{"url", answer.asked.url ? ordered_json(*answer.asked.url) : ordered_json(nullptr)}};
  if (answer.asked.value) view["value"] = *answer.asked.value;
  view["hash"] = hash_json(answer.pick);
  view["endpoint"] = endpoint_json(answer.pick);
  view["pod"] =
      placed ? text_or_null(report.endpoints[answer.pick.endpoint].endpoint.pod) : ordered_json(nullptr);
  view["reason"] = reason_name(answer.pick.reason);
  if (!answer.others.empty()) view["implementations"] = others_json(answer, report);
  if (!answer.steps.empty()) view["steps"] = steps_json(answer.steps);
  return view;
}

ordered_json excluded_json(const Report& report) {
  ordered_json list = ordered_json::array();
  for (const junction::ExcludedEndpoint& excluded : report.excluded) {
    list.push_back({{"address", excluded.address},
                    {"pod", text_or_null(excluded.pod)},
                    {"slice", excluded.slice},
                    {"why", junction::why_name(excluded.why)}});
    if (!excluded.detail.empty()) list.back()["detail"] = excluded.detail;
  }
  return list;
}

ordered_json clients_json(const Report& report) {
  ordered_json list = ordered_json::array();
  list.push_back({{"impl", report.implementation}, {"size", report.ring_size}, {"differs", 0}});
  for (const OtherClient& other : report.others) {
    list.push_back({{"impl", other.implementation}, {"size", other.ring_size}, {"differs", other.differs}});
    if (!other.refusal.empty()) list.back()["refusal"] = other.refusal;
  }
  return list;
}

ordered_json summary_json(const Report& report) {
  const Summary& summary = report.summary;
  ordered_json heaviest = ordered_json::array();
  for (const HeavyKey& heavy : summary.heaviest)
    heaviest.push_back(
        {{"key", heavy.key},
         {"hash", junction::hex64(heavy.hash)},
         {"endpoint", heavy.endpoint < report.endpoints.size()
                          ? ordered_json(report.endpoints[heavy.endpoint].endpoint.address.to_string())
                          : ordered_json(nullptr)},
         {"requests", heavy.requests}});
  return {{"endpoints", report.endpoints.size()},
          {"requests", summary.requests},
          {"keys", summary.keys},
          {"keys_exact", summary.keys_exact},
          {"skipped", summary.skipped},
          {"stopped", summary.stopped},
          {"random", summary.random},
          {"unknown", summary.unknown},
          {"unplaced", summary.unplaced},
          {"imbalance", summary.imbalance},
          {"heaviest", std::move(heaviest)}};
}

ordered_json json_view(const Report& report) {
  ordered_json view;
  view["service"] = report.service ? ordered_json(report.service->name) : ordered_json(nullptr);
  if (report.service) {
    view["namespace"] = report.service->namespace_;
    view["port"] = report.port;
  }
  view["policy"] = ordered_json::parse(junction::policy_json(report.policy));
  view["policy_source"] = report.policy_source;
  if (!report.refused.empty()) view["refused"] = report.refused;
  view["ring"] = {{"impl", report.implementation}, {"size", report.ring_size}};
  if (!report.others.empty()) view["implementations"] = clients_json(report);
  view["endpoints"] = ordered_json::array();
  for (const EndpointRow& row : report.endpoints)
    view["endpoints"].push_back(endpoint_json(row, report.summary));
  view["excluded"] = excluded_json(report);
  view["requests"] = ordered_json::array();  // for the caller to fill
  view["summary"] = summary_json(report);
  view["lints"] = ordered_json::array();
  for (const junction::Lint& lint : report.lints)
    view["lints"].push_back({{"code", lint.code},
                             {"severity", junction::severity_name(lint.severity)},
                             {"evidence", lint.evidence},
                             {"remedy", lint.remedy}});
  return view;
}

// Line ends inside strings are escaped, so every one is the dump's own.
std::string dump(const ordered_json& value, std::size_t indent) {
  const std::string text = value.dump(2, ' ', false, ordered_json::error_handler_t::replace);
  std::string indented;
  for (const char c : text) {
    indented += c;
    if (c == '\n') indented.append(indent, ' ');
  }
  return indented;
}

void print_answers(const Report& report, std::ostream& out) {
  const char* separator = "[\n    ";
  for (const Answer& answer : report.answers) {
    out << separator << dump(answer_json(answer, report), 4);
    separator = ",\n    ";
  }
  out << "\n  ]";
}

}  // namespace

// One request at a time, as there can be millions: their tree would take several times what they take here.
void print_json(const Report& report, std::ostream& out) {
  const ordered_json view = json_view(report);
  const char* separator = "{\n";
  for (const auto& [name, value] : view.items()) {
    fmt::print(out, "{}  \"{}\": ", separator, name);
    if (name == "requests" && !report.answers.empty())
      print_answers(report, out);
    else
      out << dump(value, 2);
    separator = ",\n";
  }
  out << "\n}\n";
}

void print_yaml(const Report& report, std::ostream& out) {
  ordered_json view = json_view(report);
  for (const Answer& answer : report.answers) view["requests"].push_back(answer_json(answer, report));
  out << junction::to_yaml(view);
}

}  // namespace junctionctl::explain
