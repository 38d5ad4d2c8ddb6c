#include "tools/output/unified_diff.hpp"

#include <fmt/ostream.h>

#include <algorithm>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "junction/printable.hpp"
#include "tools/output/colour.hpp"

namespace junctionctl {
namespace {

using junction::printable;

struct Line {
  char sign;  // ' ' both, '-' before only, '+' after only
  std::string_view text;
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// By the longest common subsequence and its textbook table: policies have tens of lines.
std::vector<Line> compare(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<Line> lines;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size() && a[i] == b[j];
    const bool removed = !both && i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1]);
    lines.push_back({both ? ' ' : removed ? '-' : '+', both || removed ? a[i] : b[j]});
    i += both || removed;
    j += both || !removed;
  }
  return lines;
}

constexpr std::size_t context = 3;

struct Hunk {
  std::size_t begin, end;  // indices into the lines
};

std::vector<Hunk> hunks_of(const std::vector<Line>& lines) {
  std::vector<Hunk> hunks;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].sign == ' ') continue;
    const std::size_t begin = i < context ? 0 : i - context;
    const std::size_t end = std::min(i + 1 + context, lines.size());
    if (!hunks.empty() && begin <= hunks.back().end)
      hunks.back().end = end;
    else
      hunks.push_back({begin, end});
  }
  return hunks;
}

std::size_t count_without(std::span<const Line> lines, char sign) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&](const Line& line) { return line.sign != sign; }));
}

// "3,4": first line and count; diff names the line before an empty range.
std::string range(std::span<const Line> lines, const Hunk& hunk, char other) {
  const std::size_t first = count_without(lines.first(hunk.begin), other) + 1;
  const std::size_t count = count_without(lines.subspan(hunk.begin, hunk.end - hunk.begin), other);
  if (count == 1) return fmt::format("{}", first);
  return fmt::format("{},{}", count == 0 ? first - 1 : first, count);
}

void write_line(std::ostream& out, const Line& line) {
  const Colour colour = line.sign == '+' ? Colour::green : line.sign == '-' ? Colour::red : Colour::none;
  paint_text(out, colour, fmt::format("{}{}", line.sign, line.text));
  out << '\n';
}

}  // namespace

void write_unified_diff(std::ostream& out, std::string_view before, std::string_view after,
                        DiffLabels labels) {
  const std::vector<Line> lines = compare(split(before), split(after));
  const std::vector<Hunk> hunks = hunks_of(lines);
  if (!hunks.empty()) fmt::print(out, "--- {}\n+++ {}\n", printable(labels.before), printable(labels.after));
  for (const Hunk& hunk : hunks) {
    fmt::print(out, "@@ -{} +{} @@\n", range(lines, hunk, '+'), range(lines, hunk, '-'));
    for (std::size_t i = hunk.begin; i < hunk.end; ++i) write_line(out, lines[i]);
  }
}

}  // namespace junctionctl
