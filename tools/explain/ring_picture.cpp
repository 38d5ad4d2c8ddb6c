#include "tools/explain/ring_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "junction/hash.hpp"
#include "junction/report/page.hpp"

namespace junctionctl::explain {
namespace {

constexpr double centre = 220, outer = 190, inner = 128, dots = 203;
constexpr std::size_t most_dots = 400;

constexpr std::uint64_t first_of_line = std::uint64_t{1} << 63;

// A circle begins at 0, gRPC Java's line at the lowest signed number.
double turn_on_ring(const junction::Ring& ring, std::uint64_t hash) {
  const std::uint64_t from = ring.order() == junction::RingOrder::signed_line ? first_of_line : 0;
  return static_cast<double>(hash - from) * 0x1p-64;
}

class Arcs {
 public:
  void add(double from, double to, std::uint32_t endpoint) {
    if (to <= from) return;
    if (!arcs_.empty() && arcs_.back().endpoint == endpoint)
      arcs_.back().to = to;
    else
      arcs_.push_back({from, to, endpoint});
  }
  std::vector<Arc> finish() && { return std::move(arcs_); }

 private:
  std::vector<Arc> arcs_;
};

std::vector<Arc> exact_arcs(const junction::Ring& ring) {
  Arcs arcs;
  double before = 0;
  for (const junction::RingEntry& entry : ring.entries()) {
    const double at = turn_on_ring(ring, entry.hash);
    arcs.add(before, at, entry.endpoint);
    before = at;
  }
  // What lies beyond the last entry: the first entry's on a circle, the last one's on a line.
  const bool line = ring.order() == junction::RingOrder::signed_line;
  arcs.add(before, 1, line ? ring.entries().back().endpoint : ring.entries().front().endpoint);
  return std::move(arcs).finish();
}

std::vector<Arc> sampled_arcs(const junction::Placement& placement, std::size_t places) {
  Arcs arcs;
  for (std::size_t i = 0; i < places; ++i) {
    const double from = static_cast<double>(i) / static_cast<double>(places);
    const double to = static_cast<double>(i + 1) / static_cast<double>(places);
    const double middle = (from + to) / 2;
    std::size_t at = static_cast<std::size_t>(middle * static_cast<double>(placement.size()));
    if (const junction::Ring* const ring = placement.ring()) {
      const std::uint64_t first = ring->order() == junction::RingOrder::signed_line ? first_of_line : 0;
      at = placement.find(first + static_cast<std::uint64_t>(middle * 0x1p64));
    }
    arcs.add(from, to, placement.endpoint(at));
  }
  return std::move(arcs).finish();
}

std::pair<double, double> point(double turn, double radius) {
  const double angle = 2 * std::numbers::pi * turn;
  return {centre + radius * std::sin(angle), centre - radius * std::cos(angle)};
}

// A piece of the ring between two radii. A whole turn is drawn as two halves, as an arc cannot end where it
// starts.
void append_path(std::string& path, const Arc& arc) {
  if (arc.to - arc.from > 0.999) {
    const double middle = (arc.from + arc.to) / 2;
    append_path(path, {arc.from, middle, arc.endpoint});
    append_path(path, {middle, arc.to, arc.endpoint});
    return;
  }
  const auto [x1, y1] = point(arc.from, outer);
  const auto [x2, y2] = point(arc.to, outer);
  const auto [x3, y3] = point(arc.to, inner);
  const auto [x4, y4] = point(arc.from, inner);
  const int large = arc.to - arc.from > 0.5 ? 1 : 0;
  path += fmt::format("M{:.2f} {:.2f}A{} {} 0 {} 1 {:.2f} {:.2f}L{:.2f} {:.2f}A{} {} 0 {} 0 {:.2f} {:.2f}Z",
                      x1, y1, outer, outer, large, x2, y2, x3, y3, inner, inner, large, x4, y4);
}

std::string endpoint_paths(const Report& report) {
  std::vector<std::string> paths(report.endpoints.size());
  for (const Arc& arc : arcs_of(report.placement)) append_path(paths[arc.endpoint], arc);
  std::string svg;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const EndpointRow& row = report.endpoints[i];
    svg +=
        fmt::format("<path data-endpoint=\"{0}\" fill=\"{1}\" d=\"{2}\"><title>{3} {4:.1f}%</title></path>\n",
                    i, colour_of(i, paths.size()), paths[i],
                    junction::escape_html(row.endpoint.address.to_string()), 100 * row.share);
  }
  return svg;
}

std::string request_dots(const Report& report) {
  std::string svg;
  std::size_t drawn = 0;
  for (const Answer& answer : report.answers) {
    if (answer.pick.reason != junction::PickReason::ring_hash || ++drawn > most_dots) continue;
    const auto [x, y] = point(turn_of(report.placement, *answer.pick.hash), dots);
    svg += fmt::format(
        "<circle data-endpoint=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"><title>{} "
        "({})</title></circle>\n",
        answer.pick.endpoint, x, y, colour_of(answer.pick.endpoint, report.endpoints.size()),
        junction::escape_html(answer.asked.value.value_or(answer.asked.url.value_or("hash"))),
        junction::hex64(*answer.pick.hash));
  }
  return svg;
}

}  // namespace

std::vector<Arc> arcs_of(const junction::Placement& placement, std::size_t most) {
  if (placement.empty()) return {};
  if (const junction::Ring* const ring = placement.ring(); ring && ring->size() <= most)
    return exact_arcs(*ring);
  return sampled_arcs(placement, std::min(most, placement.ring() ? most : placement.size()));
}

double turn_of(const junction::Placement& placement, std::uint64_t hash) {
  if (const junction::Ring* const ring = placement.ring()) return turn_on_ring(*ring, hash);
  return (static_cast<double>(placement.find(hash)) + 0.5) / static_cast<double>(placement.size());
}

std::string colour_of(std::size_t index, std::size_t count) {
  static constexpr std::array palette{"#4c78d8", "#e0803a", "#3fa66b", "#c94f6d", "#8a63c9",
                                      "#2fa5b5", "#c9a227", "#7d8894", "#d068b0", "#6f9a2f"};
  if (count <= palette.size()) return palette[index];
  // The golden angle keeps neighbours in the list far apart in hue.
  const double hue = std::fmod(static_cast<double>(index) * 137.508, 360.0);
  return fmt::format("hsl({:.0f} 55% {}%)", hue, index % 2 == 0 ? 52 : 62);
}

std::string ring_svg(const Report& report) {
  return fmt::format(
      "<svg viewBox=\"0 0 440 440\" role=\"img\" aria-label=\"The ring with the arcs of every "
      "endpoint\">\n{}{}"
      "<text x=\"220\" y=\"216\" text-anchor=\"middle\" font-size=\"30\" font-weight=\"600\">{}</text>"
      "<text class=\"muted\" x=\"220\" y=\"240\" text-anchor=\"middle\" font-size=\"13\">{} of {} "
      "endpoints</text></svg>",
      endpoint_paths(report), request_dots(report), report.ring_size,
      report.placement.table() ? "slots" : "entries", report.endpoints.size());
}

}  // namespace junctionctl::explain
