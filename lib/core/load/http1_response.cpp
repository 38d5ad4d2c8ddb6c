#include "core/load/http1_response.hpp"

#include <algorithm>
#include <cstring>

#include "junction/ascii.hpp"

namespace junction {
namespace {

// Calls use(element) for each element of a comma-separated list, blanks around it removed, empty ones left
// out.
template <typename Use>
void each_element(std::string_view list, Use use) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const std::string_view element = trim(list.substr(0, comma)); !element.empty()) use(element);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool blank(char c) {
  return c == ' ' || c == '\t';
}

constexpr std::size_t status_line_size = 12;  // up to the last digit of the status

// As far as it is there: "HTTP/1.1 200".
bool is_status_line(std::string_view text) {
  constexpr std::string_view version = "HTTP/1.";
  if (!text.starts_with(version.substr(0, text.size()))) return false;
  for (std::size_t i = version.size(); i < std::min(text.size(), status_line_size); ++i)
    if (i == 8 ? text[i] != ' ' : !digit(text[i]) || (i == 9 && text[i] == '0')) return false;
  return true;
}

}  // namespace

void Http1Response::start(bool head_request) {
  state_ = State::status_line;
  head_request_ = head_request;
  interim_ = http_1_0_ = has_length_ = has_transfer_encoding_ = chunked_ = false;
  keep_alive_ = true;
  status_ = 0;
  head_bytes_ = 0;
  remaining_ = 0;
  failure_ = nullptr;
  line_.clear();
  may_fold_ = false;
}

void Http1Response::fail(const char* why) {
  state_ = State::failed;
  failure_ = why;
  keep_alive_ = false;
}

std::size_t Http1Response::feed(std::string_view bytes, Memo* memo) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  bool at_head = memo && !started();
  if (at_head && recall(bytes, *memo)) {
    at += memo->head_.size();
    at_head = false;
  }
  while (at != end && state_ != State::complete && state_ != State::failed) {
    const auto left = static_cast<std::size_t>(end - at);
    if (state_ == State::body_until_close) return bytes.size();
    if (state_ == State::body || state_ == State::chunk) {
      at = take_body(at, left);
      continue;
    }
    at = take_bytes_of_line(at, left);
    if (at_head && state_ != State::status_line && state_ != State::field) {
      at_head = false;
      remember(bytes.substr(0, static_cast<std::size_t>(at - bytes.data())), *memo);
    }
  }
  return static_cast<std::size_t>(at - bytes.data());
}

const char* Http1Response::take_body(const char* at, std::size_t left) {
  const std::size_t part = std::min<std::uint64_t>(left, remaining_);
  remaining_ -= part;
  if (remaining_ == 0) state_ = state_ == State::body ? State::complete : State::chunk_end;
  return at + part;
}

const char* Http1Response::take_bytes_of_line(const char* at, std::size_t left) {
  if (may_fold_) {
    may_fold_ = false;
    if (!blank(*at)) return take_kept_line(at);
    line_ += ' ';
  }
  const void* const newline = std::memchr(at, '\n', left);
  const std::size_t part =
      newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - at) + 1 : left;
  head_bytes_ += static_cast<std::uint32_t>(part);
  if (part + line_.size() > max_line || head_bytes_ > max_head) {
    fail("a line or head that is too long");
    return at;
  }
  std::string_view line(at, newline ? part - 1 : part);
  if (!newline || !line_.empty()) line = line_.append(line);
  if (!newline) {
    if (state_ == State::status_line && !is_status_line(line_)) fail("no HTTP/1.1 status line");
    return at + part;
  }
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const bool foldable = (state_ == State::field || state_ == State::trailer) && !line.empty();
  if (foldable && (part == left || blank(at[part]))) {
    if (line_.empty()) line_ = line;
    line_.resize(line.size());
    may_fold_ = true;
    return at + part;
  }
  take_line(line);
  line_.clear();
  return at + part;
}

const char* Http1Response::take_kept_line(const char* at) {
  take_line(line_);
  line_.clear();
  return at;
}

// What follows a head depends on the head's bytes and on whether HEAD was asked for, and on nothing else.
bool Http1Response::recall(std::string_view bytes, const Memo& memo) {
  if (memo.head_.empty() || head_request_ != memo.head_request_ || !bytes.starts_with(memo.head_))
    return false;
  head_bytes_ = static_cast<std::uint32_t>(memo.head_.size());
  state_ = memo.state_;
  status_ = memo.status_;
  keep_alive_ = memo.keep_alive_;
  remaining_ = memo.remaining_;
  return true;
}

void Http1Response::remember(std::string_view head, Memo& memo) const {
  constexpr std::size_t worth_keeping = 2048;
  if (state_ == State::failed || head.size() > worth_keeping) return;
  memo.head_ = head;
  memo.head_request_ = head_request_;
  memo.state_ = state_;
  memo.status_ = status_;
  memo.keep_alive_ = keep_alive_;
  memo.remaining_ = remaining_;
}

void Http1Response::take_line(std::string_view line) {
  switch (state_) {
    case State::status_line:
      return take_status_line(line);
    case State::field:
      return line.empty() ? head_done() : take_field(line);
    case State::chunk_size:
      return take_chunk_size(line);
    case State::chunk_end:
      if (!line.empty()) return fail("bytes after a chunk's data");
      state_ = State::chunk_size;
      head_bytes_ = 0;  // the limit is for heads: a body may have any number of chunks
      return;
    case State::trailer:
      if (line.empty())
        state_ = State::complete;
      else
        take_field(line);
      return;
    default:
      return;
  }
}

void Http1Response::take_status_line(std::string_view line) {
  const bool well_formed = line.size() >= status_line_size && is_status_line(line) &&
                           (line.size() == status_line_size || line[status_line_size] == ' ');
  if (!well_formed) return fail("no HTTP/1.1 status line");
  http_1_0_ = line[7] == '0';
  keep_alive_ = !http_1_0_;
  status_ = static_cast<std::uint16_t>((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
  if (status_ == 101) return fail("101 Switching Protocols, which was not asked for");
  state_ = State::field;
}

void Http1Response::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (blank(line.front())) return fail("a blank before the first field");
  if (colon == std::string_view::npos || colon == 0) return fail("a field line without a name");
  if (blank(line[colon - 1])) return fail("a blank before a field's colon");
  if (state_ == State::trailer) return;  // nothing in a trailer may change the framing
  if (colon == 10 || colon == 14 || colon == 17)
    take_known_field(line.substr(0, colon), trim(line.substr(colon + 1)));
}

void Http1Response::take_known_field(std::string_view name, std::string_view value) {
  if (same_letters(name, "content-length")) return take_content_length(value);
  if (same_letters(name, "transfer-encoding")) return take_transfer_encoding(value);
  if (same_letters(name, "connection")) take_connection(value);
}

void Http1Response::take_content_length(std::string_view value) {
  bool any = false;
  each_element(value, [&](std::string_view element) {
    any = true;
    const auto length = whole_number<std::uint64_t>(element);
    if (!length) return fail("a Content-Length that is no number");
    if (has_length_ && *length != remaining_) return fail("two different Content-Lengths");
    has_length_ = true;
    remaining_ = *length;
  });
  if (!any) fail("an empty Content-Length");
}

void Http1Response::take_transfer_encoding(std::string_view value) {
  has_transfer_encoding_ = true;
  each_element(value, [&](std::string_view coding) {
    if (chunked_) return fail("a transfer coding after chunked");
    chunked_ = same_letters(coding, "chunked");
  });
}

void Http1Response::take_connection(std::string_view value) {
  each_element(value, [&](std::string_view option) {
    if (same_letters(option, "close")) keep_alive_ = false;
    if (same_letters(option, "keep-alive") && http_1_0_) keep_alive_ = true;
  });
}

void Http1Response::head_done() {
  if (status_ < 200) {  // interim: the real one follows
    const bool head_request = head_request_;
    start(head_request);
    interim_ = true;
    return;
  }
  if (head_request_ || status_ == 204 || status_ == 304) {
    state_ = State::complete;
    return;
  }
  if (has_transfer_encoding_) {
    if (has_length_ || http_1_0_)
      keep_alive_ = false;  // RFC 9112, 6.1: framing that others may read differently
    remaining_ = 0;
    state_ = chunked_ ? State::chunk_size : State::body_until_close;
  } else if (has_length_) {
    state_ = remaining_ == 0 ? State::complete : State::body;
  } else {
    state_ = State::body_until_close;
  }
  if (state_ == State::body_until_close) keep_alive_ = false;
}

void Http1Response::take_chunk_size(std::string_view line) {
  const std::string_view size = trim(line.substr(0, line.find(';')));
  const auto length = whole_number<std::uint64_t>(size, 16);
  if (size.size() > 16 || !length) return fail("a chunk size that is no number");
  remaining_ = *length;
  state_ = remaining_ == 0 ? State::trailer : State::chunk;
}

void Http1Response::end_of_stream() {
  if (state_ == State::complete || state_ == State::failed) return;
  if (state_ == State::body_until_close) {
    state_ = State::complete;
    return;
  }
  fail("the connection closed before the response was whole");
}

}  // namespace junction
