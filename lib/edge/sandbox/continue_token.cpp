#include "edge/sandbox/continue_token.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

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
  const json token = bytes ? json::parse(*bytes, nullptr, false) : json();
  const bool ours = token.is_object() && token.value("v", json()) == "meta.k8s.io/v1" &&
                    token.value("rv", json()).is_number_unsigned() &&
                    token.value("start", json()).is_string();
  if (!ours) return std::nullopt;
  return ContinueToken{token["rv"].get<std::uint64_t>(), token["start"].get<std::string>()};
}

}  // namespace junction::sandbox
