// What servers within applications write: uvicorn, and lines of any other shape that hold a request.
#include <algorithm>
#include <array>

#include "core/bulk/logs/families.hpp"
#include "core/bulk/logs/log_fields.hpp"
#include "junction/ascii.hpp"

namespace junction {
namespace {

bool is_status(std::string_view text) {
  return text.size() == 3 && whole_number<std::uint16_t>(text);
}

bool is_target(std::string_view text) {
  return text.starts_with('/') || starts_with_letters(text, "http://") ||
         starts_with_letters(text, "https://");
}

bool is_method(std::string_view text) {
  constexpr std::array<std::string_view, 8> methods{"GET",    "HEAD",  "POST",    "PUT",
                                                    "DELETE", "PATCH", "OPTIONS", "TRACE"};
  return std::find(methods.begin(), methods.end(), text) != methods.end();
}

/// The one address in front of a request; of several nobody knows which is the client's.
class OnlyAddress {
 public:
  void add(std::string_view word) {
    const std::string_view address = ip_address_in(word);
    if (address.empty()) return;
    found_ = count_++ == 0 ? address : std::string_view{};
  }
  [[nodiscard]] std::string_view found() const { return found_; }

 private:
  std::string_view found_;
  std::size_t count_ = 0;
};

// "from 192.0.2.1" or "for 192.0.2.1", behind a request.
void read_address_behind(LogFields& fields, LogLine& into) {
  for (int i = 0; i < 3 && fields.next(); ++i) {
    if (fields.text() != "from" && fields.text() != "for") continue;
    if (fields.next()) into.source = ip_address_in(fields.text());
    return;
  }
}

}  // namespace

// INFO:     127.0.0.1:5432 - "GET / HTTP/1.1" 200 OK, with whatever a logger puts in front.
LineIs read_uvicorn(std::string_view line, LogLine& into) {
  constexpr int most_in_front = 8;
  LogFields fields(line);
  std::string_view before, two_before;
  for (int i = 0; i < most_in_front && fields.next(); ++i) {
    if (fields.is_quoted()) {
      into.source = ip_address_in(two_before);
      if (before != "-" || into.source.empty()) return LineIs::foreign;
      const std::string_view request = fields.text();
      if (!fields.next() || !is_status(fields.text())) return LineIs::foreign;
      into.variant = "uvicorn";
      return read_request(request, into) ? LineIs::request : LineIs::no_request;
    }
    two_before = before;
    before = fields.text();
  }
  return LineIs::foreign;
}

LineIs read_quoted(std::string_view line, LogLine& into) {
  LogFields fields(line);
  OnlyAddress address;
  std::string_view before;
  while (fields.next()) {
    if (fields.is_quoted()) {
      // `request: "GET ..."` is how error logs say what they are about.
      if (before.ends_with("request:") || !read_request(fields.text(), into)) return LineIs::foreign;
      into.variant = "quoted";
      into.source = address.found();
      if (into.source.empty()) read_address_behind(fields, into);
      return LineIs::request;
    }
    before = fields.text();
    address.add(before);
  }
  return LineIs::foreign;
}

LineIs read_words(std::string_view line, LogLine& into) {
  LogFields fields(line);
  OnlyAddress address;
  std::string_view before;
  while (fields.next()) {
    const std::string_view text = fields.text();
    if (is_method(before) && is_target(text) && !has_space_or_control(text)) {
      into.method = before;
      into.target = text;
      into.variant = "words";
      into.source = address.found();
      if (into.source.empty()) read_address_behind(fields, into);
      return LineIs::request;
    }
    if (text == "finished" || text == "Completed") return LineIs::foreign;  // the request was logged before
    before = fields.is_quoted() ? std::string_view{} : text;
    address.add(text);
  }
  return LineIs::foreign;
}

}  // namespace junction
