#include "edge/sandbox/continue_token.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "edge/files/json.hpp"
#include "edge/sandbox/fields.hpp"
#include "junction/base64.hpp"

namespace junction::sandbox {

using nlohmann::json;

std::string ContinueToken::to_string() const {
  std::string text = base64_encode(json{{"v", "meta.k8s.io/v1"}, {"rv", version}, {"start", after}}.dump());
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<ContinueToken> ContinueToken::parse(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = base64_decode(text);
  const auto token = parse_json(bytes.value_or(""), {.depth = 1});
  if (!token || look(*token, "v") != "meta.k8s.io/v1") return std::nullopt;
  const json &version = look(*token, "rv"), &start = look(*token, "start");
  if (!version.is_number_unsigned() || !start.is_string()) return std::nullopt;
  return ContinueToken{version.get<std::uint64_t>(), start.get<std::string>()};
}

}  // namespace junction::sandbox
