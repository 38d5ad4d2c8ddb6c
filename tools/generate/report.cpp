#include "tools/generate/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/version/version.hpp"

namespace junctionctl::generate {
namespace {

using junction::RunPlan;
using junction::Schedule;
using junction::load::Plan;

std::string describe(const Schedule& schedule) {
  switch (schedule.kind) {
    case Schedule::Kind::period:
      return "period";
    case Schedule::Kind::rate:
      return schedule.burst == 1 ? "rate" : fmt::format("bursts of {}", schedule.burst);
    case Schedule::Kind::ramp:
      return fmt::format("ramp {}:{}", schedule.rate, schedule.end_rate);
    case Schedule::Kind::poisson:
      return "poisson";
    case Schedule::Kind::closed:
      break;
  }
  return "closed loop";
}

RunPlan plan_facts(const std::string& url, const Plan& plan) {
  RunPlan facts{.url = url,
                .method = plan.method,
                .schedule = describe(plan.schedule),
                .rate = asked_rate(plan.schedule) / static_cast<double>(plan.shard.count),
                .timeout = plan.timeout.count(),
                .timer_slack = plan.timer_slack.count(),
                .connections = static_cast<std::uint32_t>(plan.transport.connections),
                .threads = static_cast<std::uint32_t>(plan.transport.threads),
                .shards = static_cast<std::uint32_t>(plan.shard.count),
                .shard = {static_cast<std::uint32_t>(plan.shard.index + 1)}};
  if (plan.transport.proxy) facts.proxy = plan.transport.proxy->authority();
  if (plan.schedule.duration != Schedule::until_stopped) facts.duration = plan.schedule.duration.count();
  for (const auto& query : plan.queries) facts.queries.push_back(query.name);
  return facts;
}

}  // namespace

junction::RunReport make_report(const std::string& url, const Plan& plan, junction::load::RunResult result,
                                const std::string& interrupted) {
  junction::RunReport report;
  report.plan = plan_facts(url, plan);
  report.version = version::version_number();
  report.engine = std::move(result.engine);
  report.started = result.started;
  report.elapsed = result.elapsed;
  report.scheduled = result.scheduled;
  report.last_due = result.last_due;
  report.last_sent = result.last_sent;
  report.cpu = result.cpu;
  report.interrupted = interrupted;
  report.endpoints = std::move(result.endpoints);
  report.recorder = plan.recorder;
  report.tally = std::move(result.tally);
  sort_endpoints(report);
  return report;
}

void add_idle_endpoints(junction::RunReport& report, const std::vector<junction::Endpoint>& known) {
  for (const junction::Endpoint& endpoint : known) {
    if (report.endpoints.size() == junction::max_matrix_columns)
      break;  // from there on a column stands for several
    std::string name = endpoint.address.to_string();
    const auto& named = report.endpoints;
    if (std::find(named.begin(), named.end(), name) == named.end())
      report.endpoints.push_back(std::move(name));
  }
  report.tally.by_endpoint.resize(std::max(report.tally.by_endpoint.size(), report.endpoints.size()));
  sort_endpoints(report);
}

}  // namespace junctionctl::generate
