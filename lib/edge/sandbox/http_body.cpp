#include "edge/sandbox/http_body.hpp"

#include <algorithm>
#include <optional>

#include "junction/ascii.hpp"

namespace junction::sandbox {
namespace {

constexpr std::size_t longest_line = 4096;  // of a chunk's size, or of a trailer
constexpr std::size_t most_trailers = 64;

class BodyReader {
 public:
  BodyReader(ServerConnection& connection, std::size_t limit, ServerConnection::Deadline deadline,
             std::string* into)
      : connection_(connection), limit_(limit), deadline_(deadline), into_(into) {}

  BodyRead plain(std::uint64_t length) {
    if (length > limit_ - taken_) return BodyRead::too_long;
    for (auto left = static_cast<std::size_t>(length); left > 0;) {
      if (connection_.buffered().empty() && !connection_.fill(deadline_)) return BodyRead::broken;
      const std::string_view piece = connection_.buffered().substr(0, left);
      if (into_) *into_ += piece;
      left -= piece.size();
      taken_ += piece.size();
      connection_.take(piece.size());
    }
    return BodyRead::complete;
  }

  BodyRead chunks() {
    for (;;) {
      const auto size_line = line();
      if (!size_line) return BodyRead::broken;
      const auto size = whole_number<std::uint64_t>(trim(size_line->substr(0, size_line->find(';'))), 16);
      if (!size || size_line->starts_with('-')) return BodyRead::broken;
      if (*size == 0) return trailers();
      if (const BodyRead read = plain(*size); read != BodyRead::complete) return read;
      if (const auto end = line(); !end || !end->empty()) return BodyRead::broken;
    }
  }

 private:
  BodyRead trailers() {
    for (std::size_t i = 0; i < most_trailers; ++i) {
      const auto trailer = line();
      if (!trailer) return BodyRead::broken;
      if (trailer->empty()) return BodyRead::complete;
    }
    return BodyRead::broken;
  }

  /// The next line without what ends it; nothing where it does not come, or is too long.
  std::optional<std::string> line() {
    for (;;) {
      const std::string_view bytes = connection_.buffered();
      const auto end = bytes.find('\n');
      if (end != std::string_view::npos && end <= longest_line) {
        std::string text(bytes.substr(0, end));
        if (text.ends_with('\r')) text.pop_back();
        connection_.take(end + 1);
        return text;
      }
      if (bytes.size() > longest_line || !connection_.fill(deadline_)) return std::nullopt;
    }
  }

  ServerConnection& connection_;
  std::size_t limit_;
  ServerConnection::Deadline deadline_;
  std::string* into_;
  std::size_t taken_ = 0;
};

}  // namespace

BodyRead read_http_body(ServerConnection& connection, const HttpRequest& request, std::size_t limit,
                        ServerConnection::Deadline deadline, std::string* into) {
  BodyReader reader(connection, limit, deadline, into);
  return request.chunked ? reader.chunks() : reader.plain(request.content_length.value_or(0));
}

}  // namespace junction::sandbox
