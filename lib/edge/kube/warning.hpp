#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace junction::kube {

/// The texts in the value of a Warning header: `299 - "text"`, several of them with commas between, each text
/// a quoted-string (RFC 9110, 5.6.4) that is given without its escapes. A value of another form comes as it
/// is.
std::vector<std::string> warning_texts(std::string_view value);

}  // namespace junction::kube
