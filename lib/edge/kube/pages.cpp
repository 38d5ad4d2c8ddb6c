#include "edge/kube/pages.hpp"

#include <fmt/format.h>

#include "edge/files/field.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

Error endless(const std::string& path, const std::string& why) {
  return {ErrorKind::server, fmt::format("the list of {} does not end: {}", path, why)};
}

}  // namespace

Result<void> Pages::add(json page, std::size_t bytes) {
  if (!member(page, "items").is_array()) page["items"] = json::array();  // null where there are none
  const json& next = member(member(page, "metadata"), "continue");
  std::string token = next.is_string() ? next.get<std::string>() : std::string();
  if (!token.empty() && token == token_) return endless(path_, "a page names itself as the next");
  token_ = std::move(token);
  bytes_ += bytes;
  if (bytes_ > most_bytes)
    return endless(path_, fmt::format("more than {} MiB have come", most_bytes >> 20U));
  if (++pages_ >= most_pages && !token_.empty())
    return endless(path_, fmt::format("{} pages have come, and there are more", pages_));
  if (whole_.is_null()) {
    whole_ = std::move(page);
    return {};
  }
  for (json& item : page["items"]) whole_["items"].push_back(std::move(item));
  whole_["metadata"] = std::move(page["metadata"]);
  return {};
}

}  // namespace junction::kube
