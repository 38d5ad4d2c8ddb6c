#include "tools/generate/verbose_trace.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>

#include "junction/duration.hpp"

namespace junctionctl::generate {
namespace {

double seconds_of(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

}  // namespace

std::string VerboseTrace::url(const junction::Outcome& outcome) const {
  return fmt::format("{}://{}{}", plan_.url.scheme, plan_.url.authority(),
                     plan_.queries[outcome.query].target);
}

void VerboseTrace::started(int thread, const junction::Outcome& so_far) {
  const std::lock_guard lock(mutex_);
  fmt::print(err_, "[{}] {:.3f}s start  {}\n", thread, seconds_of(so_far.sent), url(so_far));
}

void VerboseTrace::finished(int thread, const junction::Outcome& outcome) {
  const std::string result = outcome.error == junction::ErrorType::none
                                 ? std::to_string(outcome.status)
                                 : std::string(to_string(outcome.error));
  const std::lock_guard lock(mutex_);
  fmt::print(err_, "[{}] {:.3f}s {} in {}  {}\n", thread, seconds_of(outcome.done), result,
             junction::format_duration(outcome.done - outcome.sent), url(outcome));
}

}  // namespace junctionctl::generate
