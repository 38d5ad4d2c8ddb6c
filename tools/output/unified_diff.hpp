#pragma once

#include <iosfwd>
#include <string_view>

namespace junctionctl {

struct DiffLabels {
  std::string_view before;
  std::string_view after;
};

/// Writes the difference of two short texts as `diff -u` would, headed by the two labels; nothing where they
/// are the same. Lines added and removed are green and red where `out` shows colours.
void write_unified_diff(std::ostream& out, std::string_view before, std::string_view after,
                        DiffLabels labels);

}  // namespace junctionctl
