#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "junction/export.hpp"

namespace junction {

/// Why a request got no (whole) response.
enum class ErrorType : std::uint8_t {
  none,
  resolve,        ///< the host name has no address
  connect,        ///< no connection: refused, unreachable, or not in time
  tls,            ///< the handshake failed, or the certificate is not trusted
  timeout,        ///< connected, but no whole response in the time allowed
  reset,          ///< the server closed or reset the connection before the response was whole
  protocol,       ///< what came back is not HTTP
  too_many_open,  ///< out of descriptors or local ports
  no_endpoint,    ///< client-side load balancing had no endpoint to choose from
  canceled,       ///< the run ended before the response was whole
};
inline constexpr std::size_t error_type_count = 10;

/// "timeout", as JSON and tables spell it; the enumerator's name.
[[nodiscard]] JUNCTION_EXPORT std::string_view to_string(ErrorType error);
[[nodiscard]] JUNCTION_EXPORT std::optional<ErrorType> error_type_from(std::string_view name);

/// What became of a request, as one small number: an HTTP status (1 to 999), or an ErrorType above those.
class OutcomeKey {
 public:
  /// A status that is none (0, or above 999) without an error counts as a protocol error.
  constexpr OutcomeKey(std::uint16_t status, ErrorType error)
      : value_(error != ErrorType::none ? static_cast<std::uint16_t>(first_error + static_cast<int>(error))
               : status == 0 || status >= first_error ? first_error + static_cast<int>(ErrorType::protocol)
                                                      : status) {}
  constexpr explicit OutcomeKey(ErrorType error) : OutcomeKey(0, error) {}

  [[nodiscard]] constexpr bool is_error() const { return value_ >= first_error; }
  /// No response, or one with a status of 400 and above.
  [[nodiscard]] constexpr bool failed() const { return value_ >= 400; }
  [[nodiscard]] constexpr std::uint16_t status() const { return is_error() ? std::uint16_t{0} : value_; }
  [[nodiscard]] constexpr ErrorType error() const {
    return is_error() ? static_cast<ErrorType>(value_ - first_error) : ErrorType::none;
  }
  friend constexpr auto operator<=>(OutcomeKey, OutcomeKey) = default;

 private:
  static constexpr std::uint16_t first_error = 1000;
  std::uint16_t value_;
};

/// How many requests ended how: a few keys, kept in the order codes and then errors print.
class JUNCTION_EXPORT OutcomeCounts {
 public:
  struct Entry {
    OutcomeKey key;
    std::uint64_t count = 0;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  void record(OutcomeKey key) {
    for (Entry& entry : entries_) {
      if (entry.key == key) [[likely]] {
        ++entry.count;
        return;
      }
    }
    add(key, 1);
  }
  void add(OutcomeKey key, std::uint64_t count);
  void add(const OutcomeCounts& other);

  [[nodiscard]] std::uint64_t count(OutcomeKey key) const;
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::uint64_t responses() const;
  [[nodiscard]] std::uint64_t errors() const;
  [[nodiscard]] std::uint64_t failed() const;  ///< errors, and statuses of 400 and above
  /// Ascending by status, then the errors in the order of ErrorType.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  friend bool operator==(const OutcomeCounts&, const OutcomeCounts&) = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace junction
