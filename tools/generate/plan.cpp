#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "junction/ascii.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"
#include "tools/generate/options.hpp"
#include "tools/options/duration.hpp"
#include "tools/options/header.hpp"

namespace junctionctl::generate {
namespace {

using junction::Error;
using junction::Result;
using junction::Schedule;
using junction::usage_error;
using junction::load::Plan;

Result<double> number_of(std::string_view flag, const std::string& text) {
  if (const auto value = junction::decimal_number(text)) return *value;
  return usage_error(fmt::format("{} '{}' is not a number", flag, text));
}

Result<std::uint64_t> whole_number_of(std::string_view flag, const std::string& text) {
  if (const auto value = junction::whole_number<std::uint64_t>(text)) return *value;
  return usage_error(fmt::format("{} '{}' is not a whole number from 0 to {}", flag, text, UINT64_MAX));
}

Result<Schedule> schedule_of(const GenerateOptions& o, std::uint64_t values, std::uint64_t seed) {
  const int paces = !o.period.empty() + !o.rate.empty() + !o.ramp.empty() + o.max;
  if (paces > 1) return usage_error("--period, --rate, --ramp and --max each set the pace; give one of them");
  if (o.poisson && o.rate.empty()) return usage_error("--poisson needs --rate");
  const auto burst = whole_number_of("--burst", o.burst);
  if (!burst) return burst.error();
  if (*burst != 1 && (o.rate.empty() || o.poisson))
    return usage_error("--burst needs --rate, and not --poisson");
  Schedule schedule{.kind = Schedule::Kind::period, .burst = values, .seed = seed};
  if (!o.duration.empty()) {
    const auto duration = duration_of("--duration", o.duration);
    if (!duration) return duration.error();
    schedule.duration = *duration;
  }
  if (!o.period.empty()) {
    const auto period = duration_of("--period", o.period);
    if (!period) return period.error();
    schedule.period = *period;
  } else if (!o.rate.empty()) {
    const auto rate = number_of("--rate", o.rate);
    if (!rate) return rate.error();
    schedule.kind = o.poisson ? Schedule::Kind::poisson : Schedule::Kind::rate;
    schedule.rate = *rate;
    schedule.burst = *burst;
  } else if (!o.ramp.empty()) {
    const std::size_t colon = o.ramp.find(':');
    const auto from = junction::decimal_number(o.ramp.substr(0, colon));
    const auto to =
        colon == std::string::npos ? std::nullopt : junction::decimal_number(o.ramp.substr(colon + 1));
    if (!from || !to)
      return usage_error(fmt::format("--ramp '{}' is not A:B, two rates in requests/s", o.ramp));
    schedule.kind = Schedule::Kind::ramp;
    schedule.rate = *from;
    schedule.end_rate = *to;
    schedule.burst = 1;
  } else if (o.max) {
    schedule.kind = Schedule::Kind::closed;
    schedule.burst = 1;
  }
  if (auto result = check(schedule); !result) return result.error();
  return schedule;
}

Result<junction::QueryChoice> choice_of(const GenerateOptions& o, const Values& values, std::uint64_t seed) {
  const auto count = static_cast<std::uint32_t>(values.names.size());
  if (!o.zipf.empty() + o.shuffle + !values.weights.empty() > 1)
    return usage_error(
        "--zipf, --shuffle and weights in --vals-file each choose the values; use one of them");
  if (!values.weights.empty()) {
    auto choice = junction::QueryChoice::weighted(values.weights, seed);
    return choice ? choice : Result<junction::QueryChoice>(choice.error().at(o.vals_file));
  }
  // Once per period, all at once: in an order that differs from tick to tick, as that of a thread for each
  // value would. In a fixed order, round robin over four endpoints shows each of them the same half of ten
  // values for ever.
  const bool all_at_once = o.rate.empty() && o.ramp.empty() && !o.max && o.zipf.empty();
  if (o.shuffle || all_at_once) return junction::QueryChoice::shuffled(count, seed);
  if (o.zipf.empty()) return junction::QueryChoice::in_order(count);
  const auto exponent = number_of("--zipf", o.zipf);
  if (!exponent) return exponent.error();
  return junction::QueryChoice::zipf(count, *exponent, seed);
}

Result<void> set_request(const GenerateOptions& o, Plan& plan) {
  bool content_type = false;
  JUNCTION_TRY_ASSIGN(plan.headers, parse_headers(o.headers));
  for (const auto& [name, value] : plan.headers) content_type |= junction::same_letters(name, "content-type");
  plan.method = !o.method.empty() ? o.method : o.data_given ? "POST" : "GET";
  if (!o.data_given) return {};
  plan.body = o.data;
  if (o.data.starts_with('@')) {
    auto body = junction::read_file(o.data.substr(1));
    if (!body) return body.error().at("--data");
    plan.body = *std::move(body);
  }
  if (!content_type) plan.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return {};
}

Result<void> set_transport(const GenerateOptions& o, Plan& plan) {
  static constexpr int default_connections = 64;
  using junction::load::EngineChoice;
  plan.transport = {.threads = o.threads,
                    .connections = o.connections.value_or(std::max(default_connections, o.threads)),
                    .open_first = o.connections && !o.no_keepalive,
                    .keep_alive = !o.no_keepalive,
                    .http2 = o.http2,
                    .streams = o.streams,
                    .insecure = o.insecure,
                    .ca_file = o.ca_file,
                    .connect_to = o.connect_to,
                    .engine = o.engine == "epoll"      ? EngineChoice::epoll
                              : o.engine == "io_uring" ? EngineChoice::io_uring
                                                       : EngineChoice::automatic};
  const auto timeout = duration_of("--timeout", o.timeout);
  if (!timeout) return timeout.error();
  plan.timeout = *timeout;
  if (o.timer_slack.empty()) return {};
  const auto slack = duration_of("--timer-slack", o.timer_slack);
  if (!slack) return slack.error();
  plan.timer_slack = *slack;
  return {};
}

// Straight to the pods there is none between, whatever the environment says.
Result<std::optional<junction::Proxy>> proxy_of(const GenerateOptions& o, const junction::Url& url) {
  if (!o.proxy_given) {
    if (o.lb.wanted()) return std::optional<junction::Proxy>{};
    return junction::environment_proxy(url, [](const char* name) {
      const char* const value = std::getenv(name);
      return std::string(value ? value : "");
    });
  }
  if (o.proxy.empty()) return std::optional<junction::Proxy>{};
  auto proxy = junction::Proxy::parse(o.proxy);
  if (!proxy) return proxy.error().at("--proxy");
  return std::optional<junction::Proxy>(*std::move(proxy));
}

Result<junction::Shard> shard_of(const std::string& text) {
  using junction::whole_number;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto index = whole_number<std::uint64_t>(std::string_view(text).substr(0, slash));
  const auto count =
      whole_number<std::uint64_t>(std::string_view(text).substr(std::min(slash + 1, text.size())));
  if (!index || !count || *index < 1 || *index > *count)
    return usage_error(fmt::format("--shard '{}' is not i/n; the first of four is 1/4, the last 4/4", text));
  return junction::Shard{*index - 1, *count};
}

Result<std::chrono::system_clock::time_point> start_of(const std::string& text) {
  using std::chrono::system_clock;
  if (const auto seconds = junction::decimal_number(text); seconds && std::abs(*seconds) < 9e9)
    return system_clock::time_point(
        std::chrono::duration_cast<system_clock::duration>(std::chrono::duration<double>(*seconds)));
  std::tm parts{};
  const char* const rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  const int day = parts.tm_mday;
  const std::time_t time = timegm(&parts);
  if (!rest || std::string_view(rest) != "Z" ||
      parts.tm_mday != day)  // timegm() makes March of February 30th
    return usage_error(fmt::format(
        "--start-at '{}' is not a time; write 2030-12-31T23:59:00Z, or seconds since 1970", text));
  return system_clock::from_time_t(time);
}

}  // namespace

Result<Plan> load_plan(const GenerateOptions& o, const std::string& url) {
  const auto values = read_values(o);
  if (!values) return values.error();
  const auto urls = value_urls(url, values->names);
  if (!urls) return urls.error();
  Plan plan;
  plan.url = urls->front();
  plan.queries.reserve(values->names.size());
  for (std::size_t i = 0; i < values->names.size(); ++i)
    plan.queries.push_back({values->names[i], (*urls)[i].target});
  const auto seed = whole_number_of("--seed", o.seed);
  if (!seed) return seed.error();
  const auto choice = choice_of(o, *values, *seed);
  if (!choice) return choice.error();
  plan.choice = *choice;
  const auto schedule = schedule_of(o, plan.queries.size(), *seed);
  if (!schedule) return schedule.error();
  plan.schedule = *schedule;
  if (auto result = set_request(o, plan); !result) return result.error();
  if (auto result = set_transport(o, plan); !result) return result.error();
  auto proxy = proxy_of(o, plan.url);
  if (!proxy) return proxy.error();
  plan.transport.proxy = *std::move(proxy);
  if (!o.shard.empty()) {
    const auto shard = shard_of(o.shard);
    if (!shard) return shard.error();
    plan.shard = *shard;
  }
  if (!o.start_at.empty()) {
    const auto start = start_of(o.start_at);
    if (!start) return start.error();
    plan.start_at = *start;
  }
  return plan;
}

}  // namespace junctionctl::generate
