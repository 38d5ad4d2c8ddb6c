#include "tools/explain/plot.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "tools/explain/words.hpp"
#include "tools/output/colour.hpp"

namespace junctionctl::explain {
namespace {

// A bar in eighths of a cell, padded with blanks to `width` cells.
std::string bar(double cells, std::size_t width) {
  static constexpr std::array eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto steps = std::min(static_cast<std::size_t>(std::lround(cells * 8)), width * 8);
  std::string text;
  for (std::size_t i = 0; i < steps / 8; ++i) text += "█";
  text += eighths[steps % 8];
  const std::size_t used = steps / 8 + (steps % 8 > 0 ? 1 : 0);
  return text + std::string(width - used, ' ');
}

void print_bar(const EndpointRow& row, const std::string& label, const std::string& share, double cells,
               std::size_t width, Colour tone, std::ostream& out) {
  fmt::print(out, "{}  ", label);
  paint_text(out, tone, bar(cells, width));
  fmt::print(out, "  {:>6}  {} {}\n", share, row.keys, row.keys == 1 ? "key" : "keys");
}

}  // namespace

void print_plot(const Report& report, std::size_t columns, std::ostream& out) {
  if (report.placement.empty()) {
    out << "\nNothing to plot: there is no ring.\n";
    return;
  }
  std::size_t label_width = 0;
  double most = 0;
  for (const EndpointRow& row : report.endpoints) {
    label_width = std::max(label_width, row.endpoint.address.to_string().size());
    most = std::max(most, row.share);
  }
  constexpr std::size_t beside_bars = 26, shortest = 8, longest = 40;
  const std::size_t width =
      std::clamp(columns - std::min(columns, label_width + beside_bars), shortest, longest);
  const double ideal = 1.0 / static_cast<double>(report.endpoints.size());
  const double scale = static_cast<double>(width) / most;
  out << '\n';
  for (const EndpointRow& row : report.endpoints) {
    const Colour tone = row.share > 1.2 * ideal ? Colour::yellow : Colour::cyan;
    print_bar(row, fmt::format("{:<{}}", row.endpoint.address.to_string(), label_width),
              percent_words(row.share, report.endpoints.size()), row.share * scale, width, tone, out);
  }
  const auto mark = static_cast<std::size_t>(std::lround(ideal * scale));
  fmt::print(out, "{}^ ideal {}\n", std::string(label_width + 2 + std::max<std::size_t>(mark, 1) - 1, ' '),
             percent_words(ideal, report.endpoints.size()));
}

}  // namespace junctionctl::explain
