#include "core/bulk/logs/log_wrapper.hpp"

#include <algorithm>
#include <array>

namespace junction {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether the text begins like the pattern: '0' stands for a digit, 'a' for a letter.
bool looks_like(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool letter = ((text[i] | 0x20) >= 'a') && ((text[i] | 0x20) <= 'z');
    if (pattern[i] == '0' ? !is_digit(text[i]) : pattern[i] == 'a' ? !letter : text[i] != pattern[i])
      return false;
  }
  return true;
}

std::string_view next_word(std::string_view text) {
  return text.substr(0, text.find(' '));
}

// Behind the first word and its blanks.
std::string_view behind_word(std::string_view text) {
  text.remove_prefix(next_word(text).size());
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  return text;
}

// The names that Kubernetes gives: lower-case letters, digits, '-' and, where allowed, '.'.
bool is_name(std::string_view word, bool needs_dash) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; };
  return !word.empty() && std::all_of(word.begin(), word.end(), fits) &&
         (!needs_dash || word.find('-') != npos);
}

// [pod/NAME/CONTAINER]
bool strip_prefix(std::string_view& line) {
  if (!line.starts_with("[pod/") && !line.starts_with("[container/")) return false;
  const std::size_t end = line.find("] ");
  if (end == npos) return false;
  line.remove_prefix(end + 2);
  return true;
}

// "host prog[123]: ", behind syslog's and journald's times.
bool strip_program(std::string_view& line, bool needs_number) {
  const std::string_view program = next_word(behind_word(line));
  if (!program.ends_with(':') || (needs_number && !program.ends_with("]:"))) return false;
  line = behind_word(behind_word(line));
  return true;
}

// 2025-11-25T10:00:00.123Z, with CRI's "stdout F " or journald's program behind it, or nothing.
bool strip_time(std::string_view& line) {
  if (!looks_like(line, "0000-00-00T00:00:00")) return false;
  const std::string_view time = next_word(line);
  const bool has_zone = time.ends_with('Z') || time.find_first_of("+-", 19) != npos;
  if (!has_zone || time.size() == line.size()) return false;
  line.remove_prefix(time.size() + 1);
  if (line.starts_with("stdout ") || line.starts_with("stderr ")) {
    const std::string_view tag = next_word(line.substr(7));  // F, P, or those with more behind a colon
    if (!tag.empty() && (tag.front() == 'F' || tag.front() == 'P'))
      line.remove_prefix(std::min(line.size(), 7 + tag.size() + 1));
  } else {
    strip_program(line, true);
  }
  return true;
}

// <134>Nov 25 10:00:00 host prog[1]: , and RFC 5424's <134>1 TIME host app pid id -
bool strip_syslog(std::string_view& line) {
  std::string_view rest = line;
  if (rest.starts_with('<')) {
    const std::size_t end = rest.find('>');
    if (end == npos || end > 5) return false;
    rest.remove_prefix(end + 1);
    if (rest.starts_with("1 ")) {
      for (int i = 0; i < 6; ++i) rest = behind_word(rest);
      rest = rest.starts_with("- ")                             ? rest.substr(2)
             : rest.starts_with('[') && rest.find("] ") != npos ? rest.substr(rest.find("] ") + 2)
                                                                : rest;
      line = rest;
      return true;
    }
  }
  if (!looks_like(rest, "aaa 00 00:00:00 ") && !looks_like(rest, "aaa  0 00:00:00 ")) return false;
  rest.remove_prefix(16);
  const std::string_view first = next_word(rest);
  if (first.ends_with(':'))  // haproxy leaves its host out where it is told to
    rest = behind_word(rest);
  else if (!strip_program(rest, false))
    return false;
  line = rest;
  return true;
}

// docker compose's "recs-1  | ".
bool strip_compose(std::string_view& line) {
  const std::string_view name = next_word(line);
  const std::string_view rest = behind_word(line);
  if (!rest.starts_with("| ") || name.size() > 64) return false;
  line = rest.substr(2);
  return true;
}

// stern's "POD CONTAINER ", before what begins like an entry of a log.
bool strip_stern(std::string_view& line) {
  const std::string_view pod = next_word(line), rest = behind_word(line), container = next_word(rest);
  const std::string_view entry = behind_word(rest);
  if (!is_name(pod, true) || !is_name(container, false) || entry.empty()) return false;
  const char first = entry.front();
  const bool begins = first == '{' || first == '[' || first == '"' || first == '<' || is_digit(first) ||
                      entry.starts_with("INFO") || entry.starts_with("GET ") || entry.starts_with("POST ");
  if (!begins) return false;
  line = entry;
  return true;
}

// ESC [ ... letter, the way terminals are told about colours.
std::string_view without_colours(std::string_view line, std::string& room) {
  room.clear();
  while (!line.empty()) {
    const std::size_t escape = std::min(line.find('\x1b'), line.size());
    room += line.substr(0, escape);
    line.remove_prefix(escape);
    if (line.empty()) break;
    if (!line.starts_with("\x1b[")) {
      line.remove_prefix(1);
      continue;
    }
    const std::size_t end = line.find_first_not_of("0123456789;:?", 2);
    line.remove_prefix(end == npos ? line.size() : end + 1);
  }
  return room;
}

}  // namespace

std::string_view unwrapped(std::string_view line, std::string& room) {
  if (line.find('\x1b') != npos) line = without_colours(line, room);
  constexpr int deepest = 4;
  constexpr std::string_view around = " \t\r\n";
  for (int i = 0; i < deepest; ++i) {
    // A log that was cut off while somebody wrote to it begins with zeros.
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(std::string_view(" \t\0", 3))));
    if (!strip_prefix(line) && !strip_time(line) && !strip_syslog(line) && !strip_compose(line) &&
        !strip_stern(line))
      break;
  }
  line = line.substr(0, line.find_last_not_of(around) + 1);
  return line;
}

}  // namespace junction
