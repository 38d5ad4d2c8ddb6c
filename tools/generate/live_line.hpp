#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "junction/load/run.hpp"
#include "tools/generate/options.hpp"
#include "tools/generate/stretch.hpp"
#include "tools/io.hpp"

namespace junctionctl::generate {

/// What is known of a run while it lasts, on one line that is written over and over; or with --progress, a
/// line each second that stays, for logs.
class Status final : public junction::load::Observer {
 public:
  Status(std::ostream& err, bool lines, const junction::Stop& stop);

  /// What is going to run: its end, its beat, how long replies are waited for.
  void expect(const junction::load::Plan& plan);
  void progress(const junction::load::Progress& progress) override;
  /// A line of its own about something that happened. Called from any thread.
  void say(const std::string& message);
  /// Takes the live line away, so that the report stands alone.
  void end();

 private:
  [[nodiscard]] std::string line(const junction::load::Progress& progress) const;
  [[nodiscard]] std::string time(const junction::load::Progress& progress) const;
  void show(std::string line);
  void clear();

  std::ostream& err_;
  const bool lines_;
  const junction::Stop& stop_;
  std::mutex mutex_;
  std::chrono::nanoseconds duration_ = junction::Schedule::until_stopped, timeout_{0}, last_{0};
  std::optional<std::chrono::system_clock::time_point> start_at_;
  std::optional<Stretch> latest_;
  junction::TimeSlot total_;
  std::size_t width_ = 0;  ///< of the line that is shown
};

/// Null where nobody watches.
std::unique_ptr<Status> make_status(const GenerateOptions& options, const junction::Stop& stop, const Io& io);
std::chrono::milliseconds progress_interval(const GenerateOptions& options);

}  // namespace junctionctl::generate
