#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "junction/load/observer.hpp"
#include "tools/generate/options.hpp"
#include "tools/io.hpp"

namespace junctionctl::generate {

/// What is known of a run while it lasts, on one line that is written over and over; or with --progress, a
/// line each second that stays, for logs.
class Status final : public junction::load::Observer {
 public:
  Status(std::ostream& err, bool lines, const junction::Stop& stop)
      : err_(err), lines_(lines), stop_(stop) {}

  void progress(const junction::load::Progress& progress) override;
  /// A line of its own about something that happened. Called from any thread.
  void say(const std::string& message);
  /// Takes the live line away, so that the report stands alone.
  void end();

 private:
  void show(std::string line);

  std::ostream& err_;
  const bool lines_;
  const junction::Stop& stop_;
  std::mutex mutex_;
  junction::TimeSlot total_;
  std::chrono::nanoseconds last_{0};
  std::size_t width_ = 0;
};

/// Null where nobody watches.
std::unique_ptr<Status> make_status(const GenerateOptions& options, const junction::Stop& stop,
                                    const Io& io);
std::chrono::milliseconds progress_interval(const GenerateOptions& options);

/// The lines of --verbose: when each request started, and what it came back with.
class VerboseTrace final : public junction::load::Trace {
 public:
  VerboseTrace(const junction::load::Plan& plan, std::ostream& err) : plan_(plan), err_(err) {}

  void started(int thread, const junction::Outcome& so_far) override;
  void finished(int thread, const junction::Outcome& outcome) override;

 private:
  [[nodiscard]] std::string url(const junction::Outcome& outcome) const;

  const junction::load::Plan& plan_;
  std::ostream& err_;
  std::mutex mutex_;
};

}  // namespace junctionctl::generate
