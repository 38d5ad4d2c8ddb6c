#include "tools/generate/live_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <string_view>

#include "junction/duration.hpp"
#include "junction/printable.hpp"
#include "tools/output/door.hpp"
#include "tools/output/terminal.hpp"

namespace junctionctl::generate {
namespace {

using junction::format_duration;
using junction::Schedule;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds second = seconds{1};

double in_seconds(nanoseconds span) {
  return static_cast<double>(span.count()) / 1e9;
}

// From one burst to the next.
nanoseconds beat_of(const Schedule& schedule) {
  switch (schedule.kind) {
    case Schedule::Kind::period:
      return schedule.period;
    case Schedule::Kind::rate:
      return nanoseconds(
          static_cast<std::int64_t>(static_cast<double>(schedule.burst) / schedule.rate * 1e9));
    case Schedule::Kind::ramp:
    case Schedule::Kind::poisson:
    case Schedule::Kind::closed:
      break;
  }
  return nanoseconds{0};
}

std::string codes(const junction::TimeSlot& total) {
  std::string text;
  for (const auto& entry : total.outcomes.entries())
    if (!entry.key.is_error()) text += fmt::format("  {}: {}", entry.key.status(), entry.count);
  if (const std::uint64_t errors = total.outcomes.errors(); errors > 0)
    text += fmt::format("  errors: {}", errors);
  return text;
}

// A slow rate has more to say than 0 or 1.
std::string rate_words(double rate) {
  return rate < 100 ? fmt::format("  {:.3g}/s", rate) : fmt::format("  {:.0f}/s", rate);
}

// Where a date says more than so many hours.
std::string start_words(nanoseconds wait, std::optional<std::chrono::system_clock::time_point> start_at) {
  if (wait < std::chrono::minutes{1}) return fmt::format("starts in {:.1f}s", in_seconds(wait));
  const std::string in = fmt::format("starts in {}", format_duration(wait.count()));
  if (!start_at || wait < std::chrono::hours{1}) return in;
  return fmt::format("{}, at {:%Y-%m-%dT%H:%M:%SZ}", in,
                     fmt::gmtime(std::chrono::time_point_cast<seconds>(*start_at)));
}

}  // namespace

Status::Status(std::ostream& err, bool lines, const junction::Stop& stop)
    : err_(err),
      lines_(lines),
      stop_(stop),
      latest_(std::in_place, nanoseconds{0}, lines ? nanoseconds{0} : second) {}

void Status::expect(const junction::load::Plan& plan) {
  duration_ = plan.schedule.duration;
  timeout_ = plan.timeout;
  start_at_ = plan.start_at;
  latest_.emplace(beat_of(plan.schedule), lines_ ? nanoseconds{0} : second);
}

std::string Status::time(const junction::load::Progress& progress) const {
  const std::string elapsed = fmt::format("{:.1f}s", in_seconds(progress.elapsed));
  if (stop_.requested())
    return fmt::format("stopping; {} under way, a second signal leaves at once  {}", progress.in_flight,
                       elapsed);
  if (duration_ == Schedule::until_stopped) return elapsed;
  if (progress.elapsed < duration_ || progress.in_flight == 0)
    return fmt::format("{} of {:g}s", elapsed, in_seconds(duration_));
  const nanoseconds left = std::max(duration_ + timeout_ - progress.elapsed, nanoseconds{0});
  return fmt::format("{}  waiting for {} {}, at most {:.0f} s more", elapsed, progress.in_flight,
                     progress.in_flight == 1 ? "reply" : "replies", std::ceil(in_seconds(left)));
}

std::string Status::line(const junction::load::Progress& progress) const {
  if (progress.elapsed < nanoseconds{0}) return start_words(-progress.elapsed, start_at_);
  const junction::TimeSlot now = latest_->sum();
  const bool sending = duration_ == Schedule::until_stopped || progress.elapsed < duration_;
  std::string text = time(progress);
  if (sending || stop_.requested()) text += rate_words(latest_->rate());
  text += codes(total_);
  if (!now.response.empty())
    text += fmt::format("  p50 {} p99 {}", format_duration(now.response.value_at_percentile(50)),
                        format_duration(now.response.value_at_percentile(99)));
  if (now.sent > 0) text += fmt::format("  late {}", format_duration(now.lateness_max));
  if (sending && !stop_.requested() && progress.in_flight > 0)
    text += fmt::format("  {} under way", progress.in_flight);
  if (progress.waiting > 0) text += fmt::format("  {} waiting for a connection", progress.waiting);
  return text;
}

void Status::progress(const junction::load::Progress& progress) {
  total_.add(progress.interval);
  if (progress.elapsed >= nanoseconds{0}) latest_->add(progress.elapsed, progress.interval);
  const bool news = std::chrono::abs(progress.elapsed - last_) >= std::chrono::milliseconds{1};
  if (!news) return;
  last_ = progress.elapsed;
  const std::string text = line(progress);
  const std::lock_guard lock(mutex_);
  if (lines_)
    fmt::print(err_, "{}\n", text);
  else
    show(text);
  err_.flush();
}

void Status::say(const std::string& message) {
  const std::lock_guard lock(mutex_);
  clear();
  fmt::print(err_, "junctionctl: {}\n", junction::printable(message));
  err_.flush();
}

// In a window that has become narrower the line has gone on in the rows below, where the cursor is now.
void Status::clear() {
  if (width_ == 0) return;
  const std::size_t rows_above = (width_ - 1) / terminal_columns(STDERR_FILENO);
  if (rows_above > 0) fmt::print(err_, "\x1b[{}A", rows_above);
  fmt::print(err_, "\r\x1b[J");
  width_ = 0;
}

// A line as long as the terminal is wide would go on in the next one, and stay there.
void Status::show(std::string line) {
  clear();
  line.resize(std::min(line.size(), terminal_columns(STDERR_FILENO) - 1));
  err_ << line;
  width_ = line.size();
}

void Status::end() {
  const std::lock_guard lock(mutex_);
  clear();
  err_.flush();
}

std::unique_ptr<Status> make_status(const GenerateOptions& options, const junction::Stop& stop,
                                    const Io& io) {
  if (options.no_progress || options.verbose) return nullptr;
  const char* const terminal = std::getenv("TERM");
  const bool moves = io.err_is_terminal && (!terminal || std::string_view(terminal) != "dumb");
  if (!options.progress && !moves) return nullptr;
  return std::make_unique<Status>(verbatim(io.err), options.progress, stop);
}

std::chrono::milliseconds progress_interval(const GenerateOptions& options) {
  return std::chrono::milliseconds(options.progress ? 1000 : 250);
}

}  // namespace junctionctl::generate
