#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/result.hpp"

namespace junctionctl {

using HeaderField = std::pair<std::string, std::string>;

/// "name: value", as curl's --header has it. Fails (usage) where there is no colon or no name.
junction::Result<HeaderField> parse_header(std::string_view text);

/// All of --header, in their order.
junction::Result<std::vector<HeaderField>> parse_headers(const std::vector<std::string>& texts);

}  // namespace junctionctl
