#include "edge/bulk/line_counter.hpp"

#include <algorithm>

#include "core/balance/request_hash.hpp"
#include "core/bulk/line_scan.hpp"
#include "core/text/utf8.hpp"
#include "junction/hash.hpp"

namespace junction {
namespace {

std::string first_query_param(const Policy& policy) {
  for (const HashParam& param : policy.hash_params)
    if (param.type == HashParam::Type::query_param) return param.name;
  return "query";
}

}  // namespace

LineCounter::LineCounter(const Implementation& implementation, const BalancerState& state,
                         const EndpointLookup& lookup, const BulkOptions& options)
    : implementation_(implementation),
      state_(state),
      options_(options),
      parameter_(first_query_param(state.policy)),
      bare_values_(state.policy.hashes() && options.headers.empty() &&
                   implementation.hashes_bare_values(state.policy.hash_params)),
      tally_(lookup, state.endpoints.size()),
      plain_(tally_) {}

std::optional<BadLine> LineCounter::add(const LineBlock& block) {
  const std::string_view text = block.text;
  std::optional<BadLine> bad;
  std::string_view bad_line;
  const auto other = [&] [[gnu::noinline]] (std::string_view line) {
    if (bad) return;
    position_ = block.offset + static_cast<std::uint64_t>(line.data() - text.data());
    if (auto added = add_line(line); !added) {
      bad = BadLine{0, std::move(added).error()};
      bad_line = line;
    }
  };
  const auto plain = [&](const char* key, std::size_t length) { plain_.add(key, length); };
  const std::size_t longest = bare_values_ ? PlainKeys<KeyTally>::longest : 0;
  const std::size_t lines = for_each_line(text, longest, plain, other);
  plain_.flush();
  lines_ += lines;
  if (bad) bad->line = static_cast<std::size_t>(std::count(text.data(), bad_line.data(), '\n'));
  return bad;
}

Result<void> LineCounter::add_line(std::string_view line) {
  const RequestLine taken = classify_line(line);
  switch (taken.kind) {
    case LineKind::blank:
    case LineKind::no_request:
      ++skipped_;
      return {};
    case LineKind::access_log:
      if (taken.escaped) return add_parsed(line);
      add_request({.url = taken.text, .method = taken.method, .source_ip = taken.source_ip}, taken.text);
      return {};
    case LineKind::value:
      if (!bare_values_ || !is_utf8(taken.text)) break;
      value_.assign(taken.text).push_back('\xff');
      tally_.add(xxh64(value_), taken.text);
      return {};
    case LineKind::url:
    case LineKind::target:
    case LineKind::json:
      break;
  }
  return add_parsed(line);
}

Result<void> LineCounter::add_parsed(std::string_view line) {
  auto parsed = parse_request_line(line, parameter_);
  if (!parsed) return parsed.error();
  const LineRequest& request = **parsed;
  if (!request.hash)
    add_request(request.request(headers_), classify_line(line).text);
  else if (state_.policy.hashes())
    tally_.add(*request.hash, hex64(*request.hash));
  else
    tally_.add_random();
  return {};
}

// The steps are for the lints, and to see whether all that they ask for is known; else there is nothing to
// say about a request without a query string.
Explanation LineCounter::explain(const Request& request) const {
  Explanation explanation;
  Pick& pick = explanation.pick;
  const bool wants_steps =
      request.url.find('?') != std::string_view::npos || request.recorded || request.source_ip.empty();
  pick.hash =
      implementation_.hash(request, state_.policy.hash_params, wants_steps ? &explanation.steps : nullptr);
  if (any_unknown(explanation.steps)) {
    pick = {PickReason::unknown, 0, {}, std::nullopt};
    return explanation;
  }
  pick.reason = pick.hash ? PickReason::ring_hash : PickReason::random;
  if (!pick.hash) return explanation;
  pick.endpoint = state_.placement.endpoint(state_.placement.find(*pick.hash));
  pick.address = state_.endpoints[pick.endpoint].address;
  return explanation;
}

void LineCounter::add_request(Request request, std::string_view text) {
  if (!state_.policy.hashes()) return tally_.add_random();
  if (!options_.headers.empty()) {
    all_headers_.clear();
    for (const auto& [name, value] : options_.headers) all_headers_.push_back({name, value});
    all_headers_.insert(all_headers_.end(), request.headers.begin(), request.headers.end());
    request.headers = all_headers_;
  }
  if (request.source_ip.empty()) request.source_ip = options_.source_ip;
  const Explanation explanation = explain(request);
  lints_.add(request, explanation, position_);
  if (explanation.pick.hash) {
    tally_.add(*explanation.pick.hash, text);
  } else if (explanation.pick.reason == PickReason::unknown) {
    tally_.add_unknown();
  } else {
    tally_.add_random();
  }
}

}  // namespace junction
