#pragma once

#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// The bytes of `text` with each %XX as the byte it stands for; a '%' without two digits stays as it is.
/// Encoding, and the decoding of forms, are public: junction/url.hpp.
JUNCTION_EXPORT std::string percent_decode(std::string_view text);

}  // namespace junction
