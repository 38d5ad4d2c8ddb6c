#include "junction/threshold.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "junction/ascii.hpp"
#include "junction/duration.hpp"
#include "junction/run_report.hpp"

namespace junction {
namespace {

using Metric = Threshold::Metric;
using Comparison = Threshold::Comparison;
using Unit = Threshold::Unit;

Error wrong(std::string_view text, std::string_view why) {
  return {ErrorKind::usage, fmt::format("threshold \"{}\": {}", text, why)};
}

std::optional<double> number(std::string_view text) {
  const auto value = decimal_number(text);
  return value && *value >= 0 ? value : std::nullopt;
}

struct Operator {
  std::string_view sign;
  Comparison comparison;
};
constexpr std::array operators = {
    // the longer signs first
    Operator{"<=", Comparison::less_equal}, Operator{">=", Comparison::greater_equal},
    Operator{"==", Comparison::equal},      Operator{"!=", Comparison::not_equal},
    Operator{"<", Comparison::less},        Operator{">", Comparison::greater},
};

struct MetricName {
  std::string_view name;
  Metric metric;
};
constexpr std::array plain_metrics = {
    MetricName{"mean", Metric::mean},
    MetricName{"max", Metric::max},
    MetricName{"errors", Metric::errors},
    MetricName{"failed", Metric::failed},
    MetricName{"rate", Metric::rate},
    MetricName{"requests", Metric::requests},
    MetricName{"throughput", Metric::throughput},
};
constexpr std::array percentile_metrics = {
    // "p99" alone is a response time
    MetricName{"", Metric::percentile},
    MetricName{"response.", Metric::percentile},
    MetricName{"service.", Metric::service_percentile},
    MetricName{"lateness.", Metric::lateness_percentile},
};

bool parse_percentile(std::string_view name, Threshold& threshold) {
  for (const MetricName& kind : percentile_metrics) {
    if (!name.starts_with(kind.name) || !name.substr(kind.name.size()).starts_with('p')) continue;
    const auto percent = number(name.substr(kind.name.size() + 1));
    if (!percent || *percent > 100) return false;
    threshold.metric = kind.metric;
    threshold.argument = *percent;
    return true;
  }
  return false;
}

// code(500), or code(5xx) with the argument 5.
bool parse_code(std::string_view name, Threshold& threshold) {
  if (!name.starts_with("code(") || name.size() != 9 || name.back() != ')') return false;
  const std::string_view code = name.substr(5, 3);
  if (code[0] < '1' || code[0] > '9') return false;
  threshold.metric = Metric::code;
  if (code.substr(1) == "xx") {
    threshold.argument = code[0] - '0';
    return true;
  }
  if (code.find_first_not_of("0123456789") != code.npos) return false;
  threshold.argument = *number(code);
  return true;
}

bool parse_metric(std::string_view name, Threshold& threshold) {
  for (const MetricName& plain : plain_metrics) {
    if (plain.name != name) continue;
    threshold.metric = plain.metric;
    return true;
  }
  return parse_percentile(name, threshold) || parse_code(name, threshold);
}

bool is_time(Metric metric) {
  return metric <= Metric::lateness_percentile;
}
bool counts_requests(Metric metric) {
  return metric == Metric::errors || metric == Metric::failed || metric == Metric::code;
}

Result<void> parse_bound(std::string_view bound, Threshold& threshold) {
  if (is_time(threshold.metric)) {
    const auto duration = parse_duration(bound);
    if (!duration) return wrong(threshold.text, duration.error().message);
    threshold.unit = Unit::nanoseconds;
    threshold.bound = static_cast<double>(*duration);
    return {};
  }
  const bool percent = bound.ends_with('%');
  const auto value = number(percent ? trim(bound.substr(0, bound.size() - 1)) : bound);
  const bool may_be_share = counts_requests(threshold.metric) || threshold.metric == Metric::rate;
  if (!value || (percent && !may_be_share)) {
    return wrong(threshold.text,
                 fmt::format("\"{}\" is no {}", bound, may_be_share ? "number or percentage" : "number"));
  }
  threshold.unit = percent || threshold.metric == Metric::rate ? Unit::share : Unit::count;
  threshold.bound = percent ? *value / 100 : *value;
  return {};
}

bool holds(double value, Comparison comparison, double bound) {
  switch (comparison) {
    case Comparison::less:
      return value < bound;
    case Comparison::less_equal:
      return value <= bound;
    case Comparison::greater:
      return value > bound;
    case Comparison::greater_equal:
      return value >= bound;
    case Comparison::equal:
      return value == bound;
    case Comparison::not_equal:
      return value != bound;
  }
  return false;
}

struct Actual {
  std::optional<double> value;  ///< none: there is nothing to compare
  std::string text;
};

Actual time_of(const Threshold& threshold, const Histogram& histogram) {
  if (histogram.empty()) return {std::nullopt, "no responses"};
  const std::int64_t value = threshold.metric == Metric::max ? histogram.max()
                             : threshold.metric == Metric::mean
                                 ? std::llround(histogram.mean())
                                 : histogram.value_at_percentile(threshold.argument);
  return {static_cast<double>(value), format_duration(value)};
}

std::uint64_t with_code(const OutcomeCounts& outcomes, double code) {
  std::uint64_t sum = 0;
  for (const auto& entry : outcomes.entries()) {
    const int status = entry.key.status();
    if (status == static_cast<int>(code) || (code < 10 && status / 100 == static_cast<int>(code)))
      sum += entry.count;
  }
  return sum;
}

Actual share_of(const Threshold& threshold, std::uint64_t count, std::uint64_t sent) {
  const double share = static_cast<double>(count) / static_cast<double>(sent);
  return {threshold.unit == Unit::share ? share : static_cast<double>(count),
          fmt::format("{} ({:.2f}%)", count, share * 100)};
}

Actual actual(const Threshold& threshold, const RunReport& report) {
  const OutcomeCounts& outcomes = report.tally.outcomes;
  const std::uint64_t sent = outcomes.total();
  if (threshold.metric == Metric::requests) return {static_cast<double>(sent), fmt::format("{}", sent)};
  if (sent == 0) return {std::nullopt, "no requests"};
  switch (threshold.metric) {
    case Metric::service_percentile:
      return time_of(threshold, report.tally.service);
    case Metric::lateness_percentile:
      return time_of(threshold, report.tally.lateness);
    case Metric::errors:
      return share_of(threshold, outcomes.errors(), sent);
    case Metric::failed:
      return share_of(threshold, outcomes.failed(), sent);
    case Metric::code:
      return share_of(threshold, with_code(outcomes, threshold.argument), sent);
    case Metric::throughput:
      return {report.throughput(), fmt::format("{:.1f}/s", report.throughput())};
    case Metric::rate:
      if (report.plan.rate <= 0) return {std::nullopt, "no rate was asked for"};
      return {report.rate_ratio(), fmt::format("{:.4f}", report.rate_ratio())};
    default:
      return time_of(threshold, report.tally.response());
  }
}

}  // namespace

Result<Threshold> parse_threshold(std::string_view text) {
  Threshold threshold;
  threshold.text = text;
  const std::size_t at = text.find_first_of("<>=!");
  if (at == text.npos) return wrong(text, "has no comparison; write it as in p99<50ms");
  const std::string_view name = trim(text.substr(0, at));
  if (!parse_metric(name, threshold)) {
    return wrong(
        text,
        fmt::format("\"{}\" is none of p0 to p100, service.p99, lateness.p99, mean, max, errors, failed, "
                    "code(500), code(5xx), requests, rate and throughput",
                    name));
  }
  for (const Operator& candidate : operators) {
    if (!text.substr(at).starts_with(candidate.sign)) continue;
    threshold.comparison = candidate.comparison;
    if (auto bound = parse_bound(trim(text.substr(at + candidate.sign.size())), threshold); !bound) {
      return bound.error();
    }
    return threshold;
  }
  return wrong(text, "the comparison is none of < <= > >= == !=");
}

ThresholdResult evaluate(const Threshold& threshold, const RunReport& report) {
  const Actual found = actual(threshold, report);
  return {threshold.text, found.value && holds(*found.value, threshold.comparison, threshold.bound),
          found.text};
}

}  // namespace junction
