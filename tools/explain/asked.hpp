#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "junction/result.hpp"

namespace junctionctl::explain {

/// One request somebody asks about, and how they put it. Either url or hash is set.
struct AskedRequest {
  std::optional<std::string>
      value;  ///< asked for by the value of a query parameter; url is what it stands for
  std::optional<std::string> url;
  std::optional<std::uint64_t> hash;  ///< of the whole request: nothing is left to derive
  std::string method = "GET";
  std::string source_ip;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// 1 to 16 hex digits, with or without 0x in front.
junction::Result<std::uint64_t> parse_hash(std::string_view text);

}  // namespace junctionctl::explain
