#include "tools/explain/report.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "junction/route_json.hpp"
#include "junction/try.hpp"
#include "junction/url.hpp"
#include "tools/explain/clients.hpp"
#include "tools/explain/questions.hpp"

namespace junctionctl::explain {
namespace {

using junction::Explanation;
using junction::PickReason;

/// Answers one question after another with the same clients.
class Explainer {
 public:
  Explainer(const Options& options, const Subject& subject, const std::vector<Client>& clients)
      : options_(options), subject_(subject), clients_(clients), regex_(junction::regex_search()) {}

  Answer answer(AskedRequest asked) {
    Answer answer;
    answer.asked = std::move(asked);
    const Client& client = clients_.front();
    const Explanation explanation = ask(client, answer.asked);
    answer.pick = explanation.pick;
    if (answer.asked.url && client.state().policy.hashes())
      lints_.add(request(answer.asked), explanation, answered_);
    ++answered_;
    if (options_.why) add_steps(answer, client, explanation);
    for (std::size_t i = 1; i < clients_.size(); ++i) {
      const Explanation other = ask(clients_[i], answer.asked);
      answer.others.push_back({other.pick, difference(explanation, other)});
    }
    return answer;
  }

  [[nodiscard]] std::vector<junction::Lint> lints() const { return lints_.finish(answered_); }

 private:
  junction::Request request(const AskedRequest& asked) {
    views_.clear();
    for (const auto& [name, value] : asked.headers) views_.push_back({name, value});
    return {.url = *asked.url, .headers = views_, .method = asked.method, .source_ip = asked.source_ip};
  }

  Explanation ask(const Client& client, const AskedRequest& asked) {
    return asked.hash ? client.balancer().explain(*asked.hash) : client.balancer().explain(request(asked));
  }

  void add_steps(Answer& answer, const Client& client, const Explanation& explanation) {
    if (answer.asked.url) add_route(answer.steps, request(answer.asked));
    answer.steps.emplace_back(junction::PolicyStep{subject_.backend.policy, subject_.backend.policy_source});
    auto steps = client.derive(explanation, answer.asked.hash.has_value());
    answer.steps.insert(answer.steps.end(), std::make_move_iterator(steps.begin()),
                        std::make_move_iterator(steps.end()));
  }

  void add_route(junction::Derivation& steps, const junction::Request& request) {
    const auto url = junction::Url::parse(request.url);
    if (!subject_.service || !url) return;
    auto routing = junction::resolve_route(subject_.world, *url, request, regex_);
    if (routing.backend) steps = std::move(routing.steps);
  }

  const Options& options_;
  const Subject& subject_;
  const std::vector<Client>& clients_;
  junction::RegexSearch regex_;
  std::vector<junction::Header> views_;
  junction::RequestLints lints_;
  std::uint64_t answered_ = 0;
};

std::vector<EndpointRow> endpoint_rows(const Client& client) {
  const auto& endpoints = client.listed().endpoints;
  const auto shares = client.state().placement.shares(endpoints.size());
  const auto counts = client.state().placement.counts(endpoints.size());
  std::vector<EndpointRow> rows;
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    rows.push_back({.endpoint = endpoints[i], .entries = counts[i], .share = shares[i]});
  return rows;
}

std::string key_of(const AskedRequest& asked) {
  if (asked.value) return *asked.value;
  return asked.url.value_or(std::string());
}

/// Counts answers into the endpoints' rows and the summary.
class Counter {
 public:
  void add(const Answer& answer, std::vector<EndpointRow>& rows) {
    ++summary_.requests;
    const junction::Pick& pick = answer.pick;
    if (pick.reason == PickReason::random) ++summary_.random;
    if (pick.reason == PickReason::unknown) ++summary_.unknown;
    if (pick.reason == PickReason::no_endpoints) ++summary_.unplaced;
    const bool placed = pick.reason == PickReason::ring_hash;
    if (placed) ++rows[pick.endpoint].requests;
    if (!pick.hash) return;
    const auto [seen, fresh] = heavy_.try_emplace(*pick.hash);
    ++seen->second.requests;
    if (!fresh) return;
    seen->second = {key_of(answer.asked), *pick.hash, pick.endpoint, 1};
    ++summary_.keys;
    if (placed) ++rows[pick.endpoint].keys;
  }

  Summary finish() && {
    constexpr std::size_t shown = 10;
    for (auto& [hash, heavy] : heavy_) summary_.heaviest.push_back(std::move(heavy));
    std::sort(summary_.heaviest.begin(), summary_.heaviest.end(), [](const HeavyKey& a, const HeavyKey& b) {
      return a.requests != b.requests ? a.requests > b.requests : a.hash < b.hash;
    });
    if (summary_.heaviest.size() > shown) summary_.heaviest.resize(shown);
    return std::move(summary_);
  }

 private:
  Summary summary_;
  std::unordered_map<std::uint64_t, HeavyKey> heavy_;
};

double imbalance(const std::vector<EndpointRow>& rows) {
  double most = 0;
  for (const EndpointRow& row : rows) most = std::max(most, row.share);
  return most * static_cast<double>(rows.size());
}

std::vector<OtherClient> other_clients(const std::vector<Client>& clients) {
  std::vector<OtherClient> others;
  for (std::size_t i = 1; i < clients.size(); ++i)
    others.push_back({.implementation = std::string(clients[i].name()),
                      .ring_size = clients[i].state().placement.size(),
                      .refusal = clients[i].refusal()});
  return others;
}

}  // namespace

Report report_head(const Options& options, const Subject& subject, const std::vector<Client>& clients) {
  const Client& client = clients.front();
  Report report;
  report.totals_only = options.summary;
  report.service = subject.service;
  report.port = subject.backend.port;
  report.policy = subject.backend.policy;
  report.policy_source = subject.backend.policy_source;
  if (client.is_junction()) report.refused = subject.backend.why_dropped();
  report.implementation = client.name();
  report.ring_size = client.state().placement.size();
  report.placement = client.state().placement;
  report.endpoints = endpoint_rows(client);
  report.excluded = client.listed().excluded;
  report.others = other_clients(clients);
  return report;
}

void finish_report(Report& report, std::vector<junction::Lint> backend,
                   std::vector<junction::Lint> requests) {
  report.summary.imbalance = imbalance(report.endpoints);
  report.lints = std::move(backend);
  report.lints.insert(report.lints.end(), std::make_move_iterator(requests.begin()),
                      std::make_move_iterator(requests.end()));
  if (!report.summary.heaviest.empty()) {
    const HeavyKey& heaviest = report.summary.heaviest.front();
    auto lint = junction::lint_heavy_key(heaviest.key, heaviest.requests, report.summary.requests,
                                         report.endpoints.size());
    if (lint) report.lints.push_back(std::move(*lint));
  }
  junction::sort_by_severity(report.lints);
}

junction::Result<Report> build_report(const Options& options, const Subject& subject,
                                      const std::vector<Client>& clients, std::istream& in) {
  Report report = report_head(options, subject, clients);
  Explainer explainer(options, subject, clients);
  Counter counter;
  JUNCTION_TRY(read_questions(options, subject, in, [&](AskedRequest question) {
    Answer answer = explainer.answer(std::move(question));
    counter.add(answer, report.endpoints);
    for (std::size_t i = 0; i < answer.others.size(); ++i)
      if (!answer.others[i].difference.empty()) ++report.others[i].differs;
    if (!options.summary) report.answers.push_back(std::move(answer));
  }));
  report.summary = std::move(counter).finish();
  finish_report(report, clients.front().lint(subject), explainer.lints());
  return report;
}

}  // namespace junctionctl::explain
