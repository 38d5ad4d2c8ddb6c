#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/export.hpp"
#include "junction/proxy.hpp"
#include "junction/query_choice.hpp"
#include "junction/schedule.hpp"
#include "junction/tally.hpp"
#include "junction/url.hpp"

namespace junction::load {

/// One of the requests that a run repeats.
struct Query {
  std::string name;    ///< as reports show it
  std::string target;  ///< path and query as sent
};

/// What carries the requests. Automatic takes io_uring where the kernel has it and the run is plain HTTP/1.1.
enum class EngineChoice : std::uint8_t { automatic, epoll, io_uring };

/// How connections are made and used.
struct TransportOptions {
  int threads = 1;
  int connections = 64;                 ///< at most, over all threads; with a balancer, for each endpoint
  bool open_first = false;              ///< open all of them before the run starts, and use them in turn
  bool keep_alive = true;               ///< false: a new connection for each request
  bool http2 = false;                   ///< HTTP/2: by ALPN on https, with prior knowledge on http
  int streams = 10;                     ///< HTTP/2: requests under way on one connection, at most
  bool insecure = false;                ///< do not verify the server's certificate
  std::string ca_file;                  ///< PEM; empty: the system's
  std::vector<std::string> connect_to;  ///< HOST1:PORT1:HOST2:PORT2, as curl's option of that name
  /// Asked for plain HTTP/1.1 itself, and else for a tunnel (CONNECT). Not with connect_to or a balancer.
  std::optional<Proxy> proxy;
  EngineChoice engine = EngineChoice::automatic;
};

/// Everything that decides what a run does.
struct Plan {
  Url url;  ///< scheme, host and port of all requests
  std::vector<Query> queries;
  QueryChoice choice = QueryChoice::in_order(1);
  Schedule schedule;
  Shard shard;  ///< which machine of how many
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// A request that has no response this long after it was due is given up.
  std::chrono::nanoseconds timeout{30'000'000'000};
  /// Requests may start this much late so that many start together: trades precision for CPU time.
  std::chrono::nanoseconds timer_slack{0};
  std::optional<std::chrono::system_clock::time_point> start_at;
  TransportOptions transport;
  /// Picks the endpoint of each request; it may be updated meanwhile. Null: all requests go to the URL's
  /// host.
  const Balancer* balancer = nullptr;
  RecorderOptions recorder;
};

/// Fails with one line where the plan cannot work: no queries, no connections, a header with a line break,
/// ...
JUNCTION_EXPORT Result<void> check(const Plan& plan);

}  // namespace junction::load
