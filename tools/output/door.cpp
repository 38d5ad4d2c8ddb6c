#include "tools/output/door.hpp"

#include <algorithm>

#include "junction/printable.hpp"

namespace junctionctl {
namespace {

bool plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte < 0x7f) || c == '\n' || c == '\t';
}

// How many bytes at the end of `text` are the start of a character that is longer.
std::size_t begun_at_end(std::string_view text) {
  const std::size_t most = std::min<std::size_t>(text.size(), 3);
  for (std::size_t back = 1; back <= most; ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

}  // namespace

std::streamsize Door::xsputn(const char* text, std::streamsize size) {
  const std::string_view given(text, static_cast<std::size_t>(size));
  if (begun_.empty() && std::all_of(given.begin(), given.end(), plain)) {
    to_.write(text, size);
  } else {
    begun_ += given;
    const std::size_t kept = begun_at_end(begun_);
    to_ << junction::printable(std::string_view(begun_).substr(0, begun_.size() - kept),
                               junction::Lines::kept);
    begun_.erase(0, begun_.size() - kept);
  }
  return to_ ? size : 0;
}

Door::int_type Door::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char byte = traits_type::to_char_type(c);
  return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
}

void Door::release() {
  if (begun_.empty()) return;
  to_ << junction::printable(begun_);
  begun_.clear();
}

int Door::sync() {
  release();
  to_.flush();
  return to_ ? 0 : -1;
}

std::ostream& Door::behind() {
  release();
  return to_;
}

std::ostream& verbatim(std::ostream& out) {
  auto* const door = dynamic_cast<Door*>(out.rdbuf());
  return door ? door->behind() : out;
}

}  // namespace junctionctl
