#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "junction/load/plan.hpp"

namespace junction::load {

/// Every query's request, written out once before the run: sending is then one copy into the kernel.
class Requests {
 public:
  explicit Requests(const Plan& plan);

  /// Request line, headers and body as HTTP/1.1 sends them.
  [[nodiscard]] std::string_view http1(std::uint32_t query) const { return http1_[query]; }
  /// The whole URL, which is what a balancer hashes.
  [[nodiscard]] const std::string& url(std::uint32_t query) const { return urls_[query]; }
  /// The headers the plan asks for, as a balancer sees them.
  [[nodiscard]] const std::vector<Header>& headers() const { return headers_; }
  [[nodiscard]] bool head() const { return head_; }
  /// May be sent again on a new connection when an idle one turns out to have been closed (RFC 9110, 9.2.2).
  [[nodiscard]] bool idempotent() const { return idempotent_; }

 private:
  std::vector<std::string> http1_;
  std::vector<std::string> urls_;
  std::vector<Header> headers_;
  bool head_;
  bool idempotent_;
};

/// The headers a plan leads to: its own, and those that have to be there and are not. Names in lower case.
std::vector<std::pair<std::string, std::string>> all_headers(const Plan& plan);

/// The value of Proxy-Authorization; empty where the plan's proxy asks for none.
std::string proxy_authorization(const Plan& plan);

}  // namespace junction::load
