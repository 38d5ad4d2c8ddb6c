#pragma once

#include <iosfwd>
#include <mutex>
#include <string>

#include "junction/load/run.hpp"

namespace junctionctl::generate {

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
