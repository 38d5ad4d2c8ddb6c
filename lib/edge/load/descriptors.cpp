#include "edge/load/descriptors.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

namespace junction::load {

Result<void> ensure_descriptors(const Transport& transport) {
  constexpr rlim_t others = 64;  // standard streams, files, epoll sets, the cluster's connections
  const rlim_t needed =
      static_cast<rlim_t>(transport.connections) + static_cast<rlim_t>(transport.threads) + others;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return {};
  if (limit.rlim_max >= needed || limit.rlim_max == RLIM_INFINITY) {
    limit.rlim_cur = needed;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  }
  return Error{
      ErrorKind::usage,
      fmt::format(
          "{} connections need {} open files, and the limit is {}; use fewer --connections, or raise it "
          "(ulimit -Hn {}, as root, or LimitNOFILE= of the service)",
          transport.connections, needed, limit.rlim_max, needed)};
}

}  // namespace junction::load
