#include <algorithm>

#include "junction/url.hpp"

namespace junction {

std::string masked_url(std::string_view url) {
  constexpr std::string_view mark = "://";
  const std::size_t at_mark = url.find(mark);
  const std::size_t begin = at_mark == std::string_view::npos ? 0 : at_mark + mark.size();
  const std::string_view rest = url.substr(begin);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) {
    // A password that should have been encoded may hold a slash: what stands behind the colon is no port
    // then.
    const std::size_t colon = authority.rfind(':');
    const bool port = colon == std::string_view::npos ||
                      authority.find(']', colon) != std::string_view::npos ||
                      authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    if (!port) at = rest.rfind('@');
  }
  if (at == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, begin)).append("...").append(rest.substr(at));
}

}  // namespace junction
