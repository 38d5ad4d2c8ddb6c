#include "core/balance/request_parts.hpp"

namespace junction {

std::optional<std::string_view> query_of(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  return url.substr(mark + 1);
}

}  // namespace junction
