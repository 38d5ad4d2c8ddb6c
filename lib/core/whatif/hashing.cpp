#include <array>
#include <string>
#include <vector>

#include "junction/impact.hpp"

namespace junction {
namespace {

/// A request with `times` values for each of the first `count` parameters, in every place that a policy may
/// look, with characters that clients decode or not.
struct Probe {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;

  Probe(std::span<const HashParam> params, std::size_t count, int times, bool query) {
    url = query ? "http://a.b/c?x=y" : "http://a.b/c";
    std::string cookies;
    for (std::size_t i = 0; i < count && i < params.size(); ++i) {
      for (int time = 0; time < times; ++time) {
        const std::string value = "v" + std::to_string(10 * i + static_cast<std::size_t>(9 - time));
        if (query) url += '&' + params[i].name + '=' + value + "%20+" + value;
        headers.emplace_back(params[i].name, value);
        cookies += params[i].name + '=' + value + "; ";
      }
    }
    if (!cookies.empty()) headers.emplace_back("cookie", cookies);
  }

  [[nodiscard]] std::optional<std::uint64_t> hash(const Implementation& implementation,
                                                  std::span<const HashParam> params) const {
    std::vector<Header> views;
    for (const auto& [name, value] : headers) views.push_back({name, value});
    return implementation.hash({.url = url, .headers = views, .source_ip = "10.1.2.3"}, params);
  }
};

}  // namespace

bool hash_alike(const Implementation& one, const Implementation& other, std::span<const HashParam> params) {
  if (&one == &other) return true;
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, params.size()}) {
    for (const int times : {1, 2}) {
      for (const bool query : {false, true}) {
        const Probe probe(params, count, times, query);
        if (probe.hash(one, params) != probe.hash(other, params)) return false;
      }
    }
  }
  return true;
}

}  // namespace junction
