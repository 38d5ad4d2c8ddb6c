#include "edge/bulk/line_counter.hpp"

#include <algorithm>

#include "core/balance/request_hash.hpp"
#include "core/bulk/line_scan.hpp"
#include "core/text/utf8.hpp"
#include "junction/hash.hpp"

namespace junction {

LineCounter::LineCounter(const BalancerView& view, const EndpointLookup& lookup, const BulkOptions& options)
    : view_(view),
      options_(options),
      parameter_(view.state().policy.value_parameter()),
      bare_values_(options.headers.empty() && view.hashes_bare_values()),
      tally_(lookup, view.state().endpoints.size()),
      plain_(tally_) {}

std::optional<BadLine> LineCounter::add(const LineBlock& block) {
  const std::string_view text = block.text;
  std::optional<BadLine> bad;
  std::string_view bad_line;
  const auto other = [&](std::string_view line) __attribute__((noinline)) {
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
      if (taken.escaped) return add_parsed(taken);
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
  return add_parsed(taken);
}

Result<void> LineCounter::add_parsed(const RequestLine& line) {
  const auto parsed = parse_request_line(line, parameter_);
  if (!parsed) return parsed.error();
  const LineRequest& request = **parsed;
  if (!request.hash)
    add_request(request.request(headers_), line.text);
  else if (view_.state().policy.hashes())
    tally_.add(*request.hash, hex64(*request.hash));
  else
    tally_.add_random();
  return {};
}

void LineCounter::add_request(Request request, std::string_view text) {
  if (!view_.state().policy.hashes()) return tally_.add_random();
  if (!options_.headers.empty()) {
    all_headers_.clear();
    for (const auto& [name, value] : options_.headers) all_headers_.push_back({name, value});
    all_headers_.insert(all_headers_.end(), request.headers.begin(), request.headers.end());
    request.headers = all_headers_;
  }
  if (request.source_ip.empty()) request.source_ip = options_.source_ip;
  // The steps are for the lints: without a query string there is nothing to say about them.
  const Explanation explanation = view_.explain(request, request.url.find('?') != std::string_view::npos);
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
