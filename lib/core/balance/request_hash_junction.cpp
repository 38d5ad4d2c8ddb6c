#include <algorithm>
#include <array>

#include "core/balance/little_endian.hpp"
#include "core/balance/request_hash.hpp"
#include "core/balance/request_parts.hpp"
#include "junction/hash.hpp"
#include "junction/url.hpp"

namespace junction {
namespace {

// True where form-decoding would change nothing: then no copy has to be made.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '%' && c != '+' && static_cast<unsigned char>(c) < 0x80; });
}

// Every value of the parameter, each closed by 0xFF. A query string without the parameter still yields: no
// bytes.
std::optional<std::uint64_t> junction_query_param(const Request& request, std::string_view name,
                                                  HashStep* step) {
  const auto query = query_of(request.url);
  if (!query) return std::nullopt;
  HashBuffer bytes;
  for_each_parameter(*query, [&](std::string_view raw_name, std::string_view raw_value) {
    if (raw_name != name && (is_plain(raw_name) || form_decode(raw_name) != name)) return true;
    if (is_plain(raw_value))
      append(bytes, raw_value);
    else
      append(bytes, form_decode(raw_value));
    bytes.push_back('\xff');
    if (step) step->values.push_back(form_decode(raw_value));
    return true;
  });
  return hash_bytes(view(bytes), step);
}

// All values sorted as bytes, each behind its length.
std::optional<std::uint64_t> junction_header(const Request& request, std::string_view name, HashStep* step) {
  const SortedValues sorted(request, name);
  if (sorted.values().empty()) return std::nullopt;
  HashBuffer bytes;
  for (const std::string_view value : sorted.values()) {
    std::array<std::uint8_t, 8> length{};
    put_le(length.data(), std::uint64_t{value.size()});
    append(bytes, {reinterpret_cast<const char*>(length.data()), length.size()});
    append(bytes, value);
    if (step) step->values.emplace_back(value);
  }
  return hash_bytes(view(bytes), step);
}

std::optional<std::uint64_t> junction_value(const Request& request, const HashParam& param, HashStep* step) {
  switch (param.type) {
    case HashParam::Type::query_param:
      return junction_query_param(request, param.name, step);
    case HashParam::Type::header:
      return junction_header(request, param.name, step);
    case HashParam::Type::cookie:
    case HashParam::Type::source_ip:
      break;  // Junction has no such hashers
  }
  return std::nullopt;
}

bool is_unknown_to_junction(const Request& request, const HashParam& param) {
  return param.type == HashParam::Type::header && is_unknown(request, param);
}

}  // namespace

std::optional<std::uint64_t> hash_as_junction(const Request& request, std::span<const HashParam> params,
                                              std::vector<HashStep>* steps) {
  return walk_policies(
      {.evaluate = junction_value, .unknown = is_unknown_to_junction, .stops = Stops::own_value}, request,
      params, steps);
}

bool junction_hashes_bare_values(std::span<const HashParam> params) {
  return std::count_if(params.begin(), params.end(), [](const HashParam& param) {
           return param.type == HashParam::Type::query_param;
         }) == 1;
}

}  // namespace junction
