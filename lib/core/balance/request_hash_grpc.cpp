#include <utility>

#include "core/balance/request_hash.hpp"
#include "core/balance/request_parts.hpp"
#include "junction/ascii.hpp"

namespace junction {

std::optional<std::uint64_t> grpc_header_value(const Request& request, const HashParam& param,
                                               HashStep* step) {
  if (param.name.ends_with("-bin")) return std::nullopt;
  if (same_letters(param.name, "content-type")) return hash_one("application/grpc", step);
  HashBuffer joined;
  bool found = false;
  for_each_header(request, param.name, [&](std::string_view value) {
    if (std::exchange(found, true)) joined.push_back(',');
    append(joined, value);
    if (step) step->values.emplace_back(value);
    return true;
  });
  if (!found) return std::nullopt;
  return hash_bytes(view(joined), step);
}

bool is_unknown_to_grpc(const Request& request, const HashParam& param) {
  return !param.name.ends_with("-bin") && is_unknown(request, param);
}

bool grpc_applies(const HashParam& param) {
  return param.type == HashParam::Type::header;
}

}  // namespace junction
