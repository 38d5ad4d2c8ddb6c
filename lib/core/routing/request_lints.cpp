#include <fmt/format.h>

#include <algorithm>

#include "core/balance/request_parts.hpp"
#include "junction/ascii.hpp"
#include "junction/lint.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

// The parameter's first value as it stands in the URL; empty: it is not there.
std::string_view raw_value(std::string_view url, std::string_view wanted) {
  std::string_view found;
  for_each_parameter(query_of(url).value_or(std::string_view{}),
                     [&](std::string_view name, std::string_view value) {
                       if (form_decode(name) != wanted) return true;
                       found = value;
                       return false;
                     });
  return found;
}

/// What a policy asks for and nobody knows, and how to say it.
struct Unknown {
  std::string what, remedy;
};

Unknown first_unknown(std::span<const HashStep> steps) {
  const auto step = std::find_if(steps.begin(), steps.end(), [](const HashStep& s) { return s.unknown; });
  const std::string& name = step->param.name;
  if (step->param.type == HashParam::Type::source_ip)
    return {"the client's address is not known", "give --source-ip, or JSON lines with source_ip"};
  if (step->param.type == HashParam::Type::cookie)
    return {fmt::format("the log does not record the cookie {}", name),
            fmt::format("give --header 'cookie: {}=...', or JSON lines with headers", name)};
  if (name.starts_with(':') || same_letters(name, "host"))
    return {fmt::format("{} is not known", name), "write whole URLs: http://HOST/PATH?QUERY"};
  return {fmt::format("the log does not record {}", name),
          fmt::format("give --header '{}: ...', or JSON lines with headers", name)};
}

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD, what bytes that are no UTF-8 become

}  // namespace

template <typename Detail>
bool RequestLints::note(Finding& finding, std::uint64_t position, std::string_view example, Detail detail) {
  if (finding.count++ != 0 && position >= finding.position) return false;
  finding.position = position;
  finding.example = example;
  finding.detail = detail();
  return true;
}

void RequestLints::add(Finding& finding, const Finding& other) {
  if (other.count == 0) return;
  const std::uint64_t count = finding.count + other.count;
  if (finding.count == 0 || other.position < finding.position) finding = other;
  finding.count = count;
}

void RequestLints::add(const RequestLints& other) {
  add(missing_, other.missing_);
  add(random_, other.random_);
  add(unknown_, other.unknown_);
  add(encoding_, other.encoding_);
  add(undecodable_, other.undecodable_);
}

void RequestLints::add(const Request& request, const Explanation& explanation, std::uint64_t position) {
  const Pick& pick = explanation.pick;
  const auto found = [&](Finding& finding, auto detail) {
    return note(finding, position, request.url, detail);
  };
  if (pick.reason == PickReason::random) found(random_, [] { return std::string(); });
  if (pick.reason == PickReason::unknown) {
    const Unknown unknown = first_unknown(explanation.steps);
    if (found(unknown_, [&] { return unknown.what; })) unknown_.remedy = unknown.remedy;
    return;
  }
  for (const HashStep& step : explanation.steps) {
    if (step.param.type != HashParam::Type::query_param) continue;
    // Other policies may tell such requests apart; of one alone all of them go the same way.
    const bool alone = explanation.steps.size() == 1 && pick.reason == PickReason::ring_hash;
    if (step.value && step.values.empty())
      found(missing_, [&] { return alone ? pick.address.to_string() : std::string(); });
    const std::string_view raw = raw_value(request.url, step.param.name);
    if (raw.find_first_of("%+") == std::string_view::npos) continue;
    const std::string decoded = form_decode(raw);
    if (decoded.find(replacement) != std::string::npos && raw.find("%EF%BF%BD") == std::string_view::npos)
      found(undecodable_, [&] { return std::string(raw); });
    else if (decoded != raw)
      found(encoding_,
            [&] { return fmt::format("'{}' is '{}' to Junction, and '{}' to Envoy", raw, decoded, raw); });
  }
}

std::vector<Lint> RequestLints::finish(std::uint64_t requests) const {
  std::vector<Lint> lints;
  const auto of = [&](const Finding& finding) {
    return fmt::format("{} of {} requests, such as {}", finding.count, requests, finding.example);
  };
  if (missing_.count > 0)
    lints.push_back(
        {"missing-parameter", Severity::warning,
         fmt::format("{}: a query string without the parameter{}", of(missing_),
                     missing_.detail.empty() ? "" : fmt::format(", all go to {}", missing_.detail)),
         missing_.detail.empty()
             ? "such requests hash no bytes for it, all alike: send the parameter, or hash another"
             : "such requests hash no bytes and meet on one endpoint: send the parameter, or hash another"});
  if (random_.count > 0)
    lints.push_back({"random", Severity::warning, fmt::format("{}: no policy yields a value", of(random_)),
                     "each goes to a random endpoint: send what is hashed, or add a policy to fall back on"});
  if (unknown_.count > 0)
    lints.push_back({"unknown", Severity::warning, fmt::format("{}: {}", of(unknown_), unknown_.detail),
                     unknown_.remedy});
  if (undecodable_.count > 0)
    lints.push_back({"undecodable", Severity::warning,
                     fmt::format("{}: '{}' is no UTF-8", of(undecodable_), undecodable_.detail),
                     "Junction hashes U+FFFD for such bytes, so different values may meet: encode UTF-8"});
  if (encoding_.count > 0)
    lints.push_back({"percent-encoding", Severity::info,
                     fmt::format("{}: {}", of(encoding_), encoding_.detail),
                     "Envoy hashes the text as it is sent: let every sender encode alike, or hash a header"});
  return lints;
}

std::optional<Lint> lint_heavy_key(std::string_view key, std::uint64_t requests, std::uint64_t total,
                                   std::size_t endpoints) {
  constexpr std::uint64_t enough = 5;  // requests an endpoint; fewer say nothing
  if (endpoints < 2 || total < enough * endpoints || requests * endpoints <= total) return std::nullopt;
  return Lint{
      "heavy-key", Severity::warning,
      fmt::format("'{}' has {} of {} requests ({:.0f}%); one of {} endpoints should have {:.0f}%", key,
                  requests, total, 100.0 * static_cast<double>(requests) / static_cast<double>(total),
                  endpoints, 100.0 / static_cast<double>(endpoints)),
      "all of it goes to one endpoint: hash something finer as well, or cache that answer in front"};
}

}  // namespace junction
