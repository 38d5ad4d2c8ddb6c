#include "tools/logs/query_counts.hpp"

#include <algorithm>
#include <optional>

#include "junction/request.hpp"
#include "junction/url.hpp"

namespace junctionctl::logs {
namespace {

constexpr std::string_view separators = " \t\"'[](),";

std::string_view next_word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(separators), rest.size());
  const std::size_t end = std::min(rest.find_first_of(separators, begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

bool is_target(std::string_view word) {
  return word.starts_with('/') || word.starts_with("http://") || word.starts_with("https://");
}

std::optional<std::string> value_in(std::string_view query, std::string_view parameter) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (junction::form_decode(pair.substr(0, equals)) == parameter)
      return junction::form_decode(pair.substr(std::min(equals + 1, pair.size())));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return std::nullopt;
}

std::optional<std::string> value_of_line(std::string_view line, std::string_view parameter) {
  while (!line.empty()) {
    const std::string_view word = next_word(line);
    if (!is_target(word)) continue;
    const auto query = junction::query_of(word);
    return query ? value_in(*query, parameter) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

QueryCounts count_queries(std::string_view log, std::string_view parameter) {
  QueryCounts counts;
  while (!log.empty()) {
    const std::size_t end = std::min(log.find('\n'), log.size());
    if (auto value = value_of_line(log.substr(0, end), parameter))
      ++counts.values[std::move(*value)];
    else
      ++counts.other;
    log.remove_prefix(std::min(end + 1, log.size()));
  }
  return counts;
}

}  // namespace junctionctl::logs
