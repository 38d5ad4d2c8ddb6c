#include "core/request_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>

#include "core/little_endian.hpp"
#include "junction/hash.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

bool same_header_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// Calls use(name, value), both as written, for each parameter of a query string.
template <typename Use>
void for_each_parameter(std::string_view query, Use use) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    use(pair.substr(0, equals),
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1));
  }
}

struct Found {
  std::vector<std::string> values;
  std::string bytes;
};

// Every value of the parameter, each closed by 0xFF. A query string without the parameter still yields: no
// bytes.
std::optional<Found> query_param_bytes(const Request& request, std::string_view name) {
  const auto query = query_of(request.url);
  if (!query) return std::nullopt;
  Found found;
  for_each_parameter(*query, [&](std::string_view raw_name, std::string_view raw_value) {
    if (raw_name != name && form_decode(raw_name) != name) return;
    found.values.push_back(form_decode(raw_value));
    found.bytes += found.values.back();
    found.bytes += '\xff';
  });
  return found;
}

// All values sorted as bytes, each behind its length.
std::optional<Found> header_bytes(const Request& request, std::string_view name) {
  Found found;
  for (const Header& header : request.headers)
    if (same_header_name(header.name, name)) found.values.emplace_back(header.value);
  if (found.values.empty()) return std::nullopt;
  std::sort(found.values.begin(), found.values.end());
  for (const std::string& value : found.values) {
    std::array<std::uint8_t, 8> length{};
    put_le(length.data(), std::uint64_t{value.size()});
    found.bytes.append(reinterpret_cast<const char*>(length.data()), length.size());
    found.bytes += value;
  }
  return found;
}

std::optional<Found> bytes_for(const Request& request, const HashParam& param) {
  switch (param.type) {
    case HashParam::Type::query_param:
      return query_param_bytes(request, param.name);
    case HashParam::Type::header:
      return header_bytes(request, param.name);
    case HashParam::Type::cookie:
    case HashParam::Type::source_ip:
      break;  // Junction has no such hashers
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  return url.substr(mark + 1);
}

std::optional<std::uint64_t> hash_as_junction(const Request& request, std::span<const HashParam> params,
                                              std::vector<HashStep>* steps) {
  std::optional<std::uint64_t> combined;
  for (const HashParam& param : params) {
    auto found = bytes_for(request, param);
    std::optional<std::uint64_t> value;
    if (found) {
      value = xxh64(found->bytes);
      combined = combined ? std::rotl(*combined, 1) ^ *value : *value;
    }
    const bool stopped = param.terminal && value;
    if (steps) {
      Found shown = found ? std::move(*found) : Found{};
      steps->push_back({param, std::move(shown.values), std::move(shown.bytes), value, combined, stopped});
    }
    if (stopped) break;
  }
  return combined;
}

}  // namespace junction
