#include "tools/generate/live_line.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "junction/duration.hpp"
#include "junction/printable.hpp"
#include "tools/output/door.hpp"

namespace junctionctl::generate {
namespace {

using junction::format_duration;

double in_seconds(std::chrono::nanoseconds span) {
  return static_cast<double>(span.count()) / 1e9;
}

// Asked anew each time: windows are resized.
std::size_t terminal_width() {
  constexpr std::size_t least = 20, usual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::max<std::size_t>(size.ws_col, least);
}

std::string status_line(const junction::load::Progress& progress, const junction::TimeSlot& total,
                        double since_last) {
  if (progress.elapsed < std::chrono::nanoseconds{0})
    return fmt::format("starts in {:.1f}s", -in_seconds(progress.elapsed));
  const junction::TimeSlot& now = progress.interval;
  std::string line =
      fmt::format("{:.1f}s  {:.0f}/s", in_seconds(progress.elapsed),
                  since_last > 0 ? static_cast<double>(now.outcomes.total()) / since_last : 0.0);
  for (const auto& entry : total.outcomes.entries())
    if (!entry.key.is_error()) line += fmt::format("  {}: {}", entry.key.status(), entry.count);
  if (const std::uint64_t errors = total.outcomes.errors(); errors > 0)
    line += fmt::format("  errors: {}", errors);
  if (!now.response.empty())
    line += fmt::format("  p50 {} p99 {}", format_duration(now.response.value_at_percentile(50)),
                        format_duration(now.response.value_at_percentile(99)));
  if (now.sent > 0) line += fmt::format("  late {}", format_duration(now.lateness_max));
  if (progress.waiting > 0) line += fmt::format("  waiting {}", progress.waiting);
  return line;
}

}  // namespace

void Status::progress(const junction::load::Progress& progress) {
  total_.add(progress.interval);
  const bool news = std::chrono::abs(progress.elapsed - last_) >= std::chrono::milliseconds{1};
  if (!news) return;
  std::string line = status_line(progress, total_,
                                 in_seconds(progress.elapsed - std::max(last_, std::chrono::nanoseconds{0})));
  if (stop_.requested())
    line =
        fmt::format("stopping; {} under way, a second signal leaves at once  {}", progress.in_flight, line);
  last_ = progress.elapsed;
  const std::lock_guard lock(mutex_);
  if (lines_) {
    fmt::print(err_, "{}\n", line);
  } else {
    show(line);
  }
  err_.flush();
}

void Status::say(const std::string& message) {
  const std::lock_guard lock(mutex_);
  if (!lines_ && width_ > 0) {
    show("");
    fmt::print(err_, "\r");
  }
  fmt::print(err_, "junctionctl: {}\n", junction::printable(message));
  err_.flush();
}

// A line as long as the terminal is wide would go on in the next one, and stay there.
void Status::show(std::string line) {
  const std::size_t room = terminal_width();
  if (line.size() >= room) line.resize(room - 1);
  fmt::print(err_, "\r{:<{}}", line, std::min(width_, room - 1));
  width_ = line.size();
}

void Status::end() {
  const std::lock_guard lock(mutex_);
  if (lines_ || width_ == 0) return;
  show("");
  fmt::print(err_, "\r");
  err_.flush();
}

std::unique_ptr<Status> make_status(const GenerateOptions& options, const junction::Stop& stop,
                                    const Io& io) {
  if (options.no_progress || options.verbose) return nullptr;
  if (!options.progress && !io.err_is_terminal) return nullptr;
  return std::make_unique<Status>(verbatim(io.err), options.progress, stop);
}

std::chrono::milliseconds progress_interval(const GenerateOptions& options) {
  return std::chrono::milliseconds(options.progress ? 1000 : 250);
}

std::string VerboseTrace::url(const junction::Outcome& outcome) const {
  return fmt::format("{}://{}{}", plan_.url.scheme, plan_.url.authority(),
                     plan_.queries[outcome.query].target);
}

void VerboseTrace::started(int thread, const junction::Outcome& so_far) {
  const std::lock_guard lock(mutex_);
  fmt::print(err_, "[{}] {:.3f}s start  {}\n", thread, in_seconds(std::chrono::nanoseconds(so_far.sent)),
             url(so_far));
}

void VerboseTrace::finished(int thread, const junction::Outcome& outcome) {
  const std::string result = outcome.error == junction::ErrorType::none
                                 ? std::to_string(outcome.status)
                                 : std::string(to_string(outcome.error));
  const std::lock_guard lock(mutex_);
  fmt::print(err_, "[{}] {:.3f}s {} in {}  {}\n", thread, in_seconds(std::chrono::nanoseconds(outcome.done)),
             result, format_duration(outcome.done - outcome.sent), url(outcome));
}

}  // namespace junctionctl::generate
