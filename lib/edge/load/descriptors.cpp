#include "edge/load/descriptors.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace junction::load {

namespace {

constexpr rlim_t others = 64;  // standard streams, files, epoll sets, the cluster's connections

/// As far as the hard limit goes.
void raise_soft_limit(rlimit& limit, rlim_t wanted) {
  const rlimit raised{.rlim_cur = std::min(wanted, limit.rlim_max), .rlim_max = limit.rlim_max};
  if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
}

}  // namespace

Result<void> ensure_descriptors(const Plan& plan) {
  const TransportOptions& transport = plan.transport;
  const rlim_t needed =
      static_cast<rlim_t>(transport.connections) + static_cast<rlim_t>(transport.threads) + others;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  // Connections to endpoints are opened as they are needed, and endpoints come and go.
  raise_soft_limit(limit, plan.balancer ? limit.rlim_max : needed);
  if (limit.rlim_cur >= needed) return {};
  return Error{
      ErrorKind::usage,
      fmt::format(
          "{} connections need {} open files, and the limit is {}; use fewer --connections, or raise it "
          "(ulimit -Hn {}, as root, or LimitNOFILE= of the service)",
          transport.connections, needed, limit.rlim_max, needed)};
}

}  // namespace junction::load
