#include "core/bulk/logs/log_format.hpp"

#include <algorithm>
#include <utility>

#include "junction/ascii.hpp"

namespace junction {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr std::array<LogFormat, 16> formats{{
    {"common", "common log", LogFamily::common},
    {"combined", "combined log", LogFamily::common},
    {"vhost", "vhost log", LogFamily::common},
    {"nginx", "nginx log", LogFamily::common},
    {"ingress-nginx", "ingress-nginx log", LogFamily::common},
    {"traefik", "Traefik log", LogFamily::common},
    {"envoy", "Envoy log", LogFamily::envoy},
    {"istio", "Istio log", LogFamily::envoy},
    {"haproxy", "HAProxy log", LogFamily::haproxy},
    {"alb", "AWS load balancer log", LogFamily::alb},
    {"cloudfront", "CloudFront log", LogFamily::w3c},
    {"w3c", "W3C log", LogFamily::w3c},
    {"uvicorn", "uvicorn log", LogFamily::uvicorn},
    {"json", "JSON log", LogFamily::json},
    {"logfmt", "logfmt log", LogFamily::logfmt},
    {"quoted", "log lines with a quoted request,", LogFamily::quoted},
}};
constexpr LogFormat words_format{"words", "log lines with a method and a target,", LogFamily::words};

std::size_t words_in(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    if (c != ' ' && !inside) ++words;
    inside = c != ' ';
  }
  return words;
}

// A date or time, a level or the shape of a stack trace in front: what is no value, though no entry either.
bool is_noise(std::string_view line) {
  constexpr std::array<std::string_view, 12> starts{
      "INFO",   "WARN",  "ERROR",     "DEBUG",     "CRITICAL",
      "TRACE",  "FATAL", "Traceback", "  File \"", "/docker-entrypoint",
      "level=", "time="};
  if (std::any_of(starts.begin(), starts.end(),
                  [&](std::string_view start) { return line.starts_with(start); }))
    return true;
  const std::string_view inner = trim(line, "[( \t");
  const auto digit = [&](std::size_t i) { return inner.size() > i && inner[i] >= '0' && inner[i] <= '9'; };
  const bool dated = digit(0) && digit(1) && digit(2) && digit(3) && inner.size() > 10 &&
                     (inner[4] == '-' || inner[4] == '/') && digit(5);
  return dated && words_in(inner) >= 4;
}

// A URL or a target on a line of its own.
bool is_written_request(std::string_view line) {
  const bool begins =
      line.starts_with('/') || starts_with_letters(line, "http://") || starts_with_letters(line, "https://");
  return begins && !has_space_or_control(line);
}

}  // namespace

std::span<const LogFormat> log_formats() {
  return formats;
}

const LogFormat* find_log_format(std::string_view name) {
  if (name == words_format.name) return &words_format;
  const auto* const found = std::find_if(formats.begin(), formats.end(),
                                         [&](const LogFormat& format) { return format.name == name; });
  return found == formats.end() ? nullptr : found;
}

LineIs read_log_line(LogFamily family, const W3cColumns& columns, std::string_view line, LogLine& into) {
  switch (family) {
    case LogFamily::alb:
      return read_alb(line, into);
    case LogFamily::haproxy:
      return read_haproxy(line, into);
    case LogFamily::envoy:
      return read_envoy(line, into);
    case LogFamily::common:
      return read_common(line, into);
    case LogFamily::uvicorn:
      return read_uvicorn(line, into);
    case LogFamily::w3c:
      return read_w3c(line, columns, into);
    case LogFamily::logfmt:
      return read_logfmt(line, into);
    case LogFamily::quoted:
      return read_quoted(line, into);
    case LogFamily::words:
      return read_words(line, into);
    case LogFamily::json:
      break;
  }
  return LineIs::foreign;
}

// "#Fields: ..." of a W3C log; false for anything else.
bool LogDetector::add_directive(std::string_view line) {
  constexpr std::string_view directive = "#Fields:";
  if (line.starts_with(directive)) fields_ = trim(line.substr(directive.size()), " \t\r");
  return line.starts_with(directive) || line.starts_with("#Version:") || line.starts_with("#Software:") ||
         line.starts_with("#Date:");
}

void LogDetector::add(std::string_view line, std::string_view inner) {
  if (trim(inner, " \t\r").empty() || add_directive(inner)) return;
  if (is_written_request(trim(line, " \t\r"))) {
    ++requests_;
    return;
  }
  if (inner.find_first_of(" \t") == npos) {  // of all formats none has so little
    ++values_;
    return;
  }
  add_text(line, inner);
}

void LogDetector::add_text(std::string_view line, std::string_view inner) {
  const bool tabs = inner.find('\t') != npos;
  if (!fields_.empty()) columns_ = W3cColumns::of(std::exchange(fields_, {}), tabs);
  bool read = false;
  for (std::size_t i = 0; i < log_family_count; ++i) {
    const auto family = static_cast<LogFamily>(i);
    LogLine entry;
    if (family == LogFamily::w3c && columns_.tabs != tabs) continue;
    const LineIs is = read_log_line(family, columns_, inner, entry);
    if (is == LineIs::foreign) continue;
    ++hits_[i];
    if (is == LineIs::request && !read) ++variants_[std::string(entry.variant)];
    read = true;
  }
  if (read)
    ++entries_;
  else if (is_noise(line) || is_noise(inner))
    ++noise_;
  else
    ++values_;
}

void LogDetector::add(Json json) {
  if (json == Json::request) ++requests_;
  if (json != Json::entry) return;
  ++entries_;
  ++hits_[static_cast<std::size_t>(LogFamily::json)];
}

// A log may say a lot beside its entries, and a list of requests may hold some that were copied out of one.
bool LogDetector::is_log() const {
  constexpr std::uint64_t talk = 100;  // lines of it for an entry
  if (entries_ > 0) return entries_ > requests_ && values_ <= talk * entries_;
  return requests_ == 0 && noise_ > values_;
}

const LogFormat* LogDetector::format() const {
  if (!is_log()) return nullptr;
  const std::uint64_t most = *std::max_element(hits_.begin(), hits_.end());
  if (most == 0) return find_log_format("quoted");
  // The family that knows most of a line, if it reads more than half of what the most general reads.
  std::size_t chosen = 0;
  while (hits_[chosen] * 2 <= most) ++chosen;
  const auto family = static_cast<LogFamily>(chosen);
  if (family == LogFamily::words) return &words_format;
  const LogFormat* best = nullptr;
  std::uint64_t seen = 0;
  for (const LogFormat& format : formats) {
    if (format.family != family) continue;
    const auto variant = variants_.find(format.name);
    const std::uint64_t count = variant == variants_.end() ? 0 : variant->second;
    if (best && count <= seen) continue;
    best = &format;
    seen = count;
  }
  return best;
}

}  // namespace junction
