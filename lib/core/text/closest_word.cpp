#include "junction/closest_word.hpp"

#include <algorithm>
#include <vector>

#include "junction/ascii.hpp"

namespace junction {
namespace {

// Longer ones are no slips of a finger, and would only cost time.
constexpr std::size_t longest = 64;

std::string only_beginning_with(std::string_view typed, std::span<const std::string> known) {
  std::string found;
  for (const std::string& word : known) {
    if (!starts_with_letters(word, typed)) continue;
    if (!found.empty()) return {};
    found = word;
  }
  return found;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the table of distances between the beginnings: this one, the last, and the one before.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) now[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(now);
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, exchanged});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
  }
  return now[b.size()];
}

std::string closest_word(std::string_view typed, std::span<const std::string> known) {
  if (typed.empty() || typed.size() > longest) return {};
  const std::string letters = lower(typed);
  std::string closest;
  std::size_t best = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string& word : known) {
    if (word.size() > longest) continue;
    const std::size_t distance = edit_distance(letters, lower(word));
    if (distance >= best || distance >= word.size()) continue;
    best = distance;
    closest = word;
  }
  return closest.empty() && typed.size() > 1 ? only_beginning_with(typed, known) : closest;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string> known) {
  const std::string word = closest_word(typed, known);
  return word.empty() ? word : "; did you mean '" + word + "'?";
}

}  // namespace junction
