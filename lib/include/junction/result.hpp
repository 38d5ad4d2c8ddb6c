#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace junction {

/// What kind of failure an Error is. One function in tools maps a kind to an exit code.
enum class ErrorKind {
  usage,         ///< the command line (or an argument to the library) is wrong
  invalid,       ///< a file, manifest, policy or answer does not have the shape it must have
  not_found,     ///< the object, file or context named does not exist
  unauthorized,  ///< the server does not know who asks (401)
  forbidden,     ///< the server knows, and refuses (403)
  conflict,      ///< somebody else changed the object in between (409)
  owned,         ///< another field manager owns what would change (409)
  network,       ///< no connection, or one that broke (DNS, TCP, TLS)
  timeout,       ///< no answer in the time allowed
  server,        ///< the server answered with an error of its own
  io,            ///< a file or descriptor could not be read or written
  expired,       ///< the moment that a list or watch would go on from is no longer kept (410)
  unsupported,   ///< understood, but not possible here
};

/// An expected failure. `message` is one line for a person: it names the value at fault and the remedy.
struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string message;

  /// The same failure, with the place it was met at in front: "policy.yaml:3: ...".
  [[nodiscard]] Error at(std::string_view where) const& { return Error(*this).at(where); }
  [[nodiscard]] Error at(std::string_view where) && {
    message.insert(0, ": ").insert(0, where);
    return std::move(*this);
  }

  friend bool operator==(const Error&, const Error&) = default;
};

/// The two most common kinds, to be returned: `return usage_error("...")`.
[[nodiscard]] inline Error usage_error(std::string message) {
  return {ErrorKind::usage, std::move(message)};
}
[[nodiscard]] inline Error invalid_error(std::string message) {
  return {ErrorKind::invalid, std::move(message)};
}

/// A T, or the E that kept it from being made. std::expected in the small, until the language level has it.
/// Reading the side that is not there is a programming error (asserted). E is Error wherever a failure is for
/// a person to read.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return Error{...};` are how functions that can fail end.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return check(), *std::get_if<0>(&state_); }
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const E& error() const& { return assert(!ok()), *std::get_if<1>(&state_); }
  E&& error() && { return assert(!ok()), std::move(*std::get_if<1>(&state_)); }

 private:
  void check() const { assert(ok()); }
  std::variant<T, E> state_;
};

/// Success without a value, or an E.
template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : error_(std::move(error)), failed_(true) {}  // NOLINT: see above

  [[nodiscard]] bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }
  const E& error() const& { return assert(failed_), error_; }
  E&& error() && { return assert(failed_), std::move(error_); }

 private:
  E error_{};
  bool failed_ = false;
};

}  // namespace junction
