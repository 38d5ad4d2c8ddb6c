#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "junction/result.hpp"

namespace junction {

/// The member of that name, or null where there is none or `object` is no map. Never fails.
inline const nlohmann::json& member(const nlohmann::json& object, const char* name) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

/// A place in a JSON document from outside, which names itself where what stands there is not as it must be.
/// Made by read_fields() alone, which turns what is wrong into an Error: reading cannot escape it.
///
/// A member that is missing is a Field too. text(), items() and the like refuse it by name, and null as well;
/// their forms with _or_ take another value for both, as the Kubernetes API writes absent things both ways.
class Field {
 public:
  class Items;
  class Members;

  [[nodiscard]] Field operator[](const char* name) const;

  [[nodiscard]] bool missing() const { return value_ == nullptr; }
  [[nodiscard]] bool absent() const { return missing() || value_->is_null(); }  ///< missing, or null
  [[nodiscard]] const nlohmann::json& json() const;                             ///< null where it is missing
  [[nodiscard]] std::string path() const;  ///< "spec.ports[0].name"; empty: the document

  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::string text_or(std::string otherwise) const { return absent() ? otherwise : text(); }
  [[nodiscard]] std::string text_or_empty() const { return absent() ? std::string() : text(); }
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::optional<bool> boolean_or_none() const;
  [[nodiscard]] double number() const;

  /// A whole number from `least` to `most`.
  template <std::integral Integer>
  [[nodiscard]] Integer whole(Integer least = std::numeric_limits<Integer>::min(),
                              Integer most = std::numeric_limits<Integer>::max()) const;
  template <std::integral Integer>
  [[nodiscard]] std::optional<Integer> whole_or_none(
      Integer least = std::numeric_limits<Integer>::min(),
      Integer most = std::numeric_limits<Integer>::max()) const {
    return absent() ? std::nullopt : std::optional(whole<Integer>(least, most));
  }

  /// The items of a list, or the members of a map by name, for a range-for.
  [[nodiscard]] Items items() const;
  [[nodiscard]] Items items_or_none() const;
  [[nodiscard]] Members members() const;
  [[nodiscard]] Members members_or_none() const;

  /// Gives up: "<path> must be <what>, not <what is there>".
  [[noreturn]] void must_be(std::string_view what) const;
  /// Gives up with words of the caller's own, the path in front: "<path> <why>".
  [[noreturn]] void fail(std::string_view why) const;
  /// Gives up with words of the caller's own and nothing else.
  [[noreturn]] static void refuse(std::string message);

 private:
  template <typename Read>
  friend auto read_fields(const nlohmann::json& document, Read read);

  /// What the readers above throw, and read_fields() catches.
  class Wrong : public std::exception {
   public:
    explicit Wrong(std::string message) : message_(std::move(message)) {}
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

   private:
    std::string message_;
  };

  explicit Field(const nlohmann::json& document) : root_(&document), value_(&document) {}
  Field(const nlohmann::json* root, const nlohmann::json* value) : root_(root), value_(value) {}
  Field(const nlohmann::json* root, const nlohmann::json* parent, const char* name)
      : root_(root), value_(nullptr), parent_(parent), name_(name) {}

  const nlohmann::json* root_;
  const nlohmann::json* value_;             ///< null: it is missing, where parent_ should have it
  const nlohmann::json* parent_ = nullptr;  ///< null: missing already
  const char* name_ = "";
};

class Field::Items {
 public:
  class Iterator {
   public:
    Iterator(const nlohmann::json* root, nlohmann::json::const_iterator at) : root_(root), at_(at) {}
    Field operator*() const { return Field(root_, &*at_); }
    Iterator& operator++() { return ++at_, *this; }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const nlohmann::json* root_;
    nlohmann::json::const_iterator at_;
  };

  Items(const nlohmann::json* root, const nlohmann::json& list) : root_(root), list_(&list) {}
  [[nodiscard]] Iterator begin() const { return {root_, list_->begin()}; }
  [[nodiscard]] Iterator end() const { return {root_, list_->end()}; }
  [[nodiscard]] std::size_t size() const { return list_->size(); }

 private:
  const nlohmann::json* root_;
  const nlohmann::json* list_;
};

class Field::Members {
 public:
  class Iterator {
   public:
    Iterator(const nlohmann::json* root, nlohmann::json::const_iterator at) : root_(root), at_(at) {}
    std::pair<const std::string&, Field> operator*() const { return {at_.key(), Field(root_, &at_.value())}; }
    Iterator& operator++() { return ++at_, *this; }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const nlohmann::json* root_;
    nlohmann::json::const_iterator at_;
  };

  Members(const nlohmann::json* root, const nlohmann::json& map) : root_(root), map_(&map) {}
  [[nodiscard]] Iterator begin() const { return {root_, map_->begin()}; }
  [[nodiscard]] Iterator end() const { return {root_, map_->end()}; }
  [[nodiscard]] bool empty() const { return map_->empty(); }

 private:
  const nlohmann::json* root_;
  const nlohmann::json* map_;
};

template <std::integral Integer>
Integer Field::whole(Integer least, Integer most) const {
  if (value_ && value_->is_number_unsigned()) {
    if (const auto found = value_->get<std::uint64_t>(); std::in_range<Integer>(found) &&
                                                         static_cast<Integer>(found) >= least &&
                                                         static_cast<Integer>(found) <= most)
      return static_cast<Integer>(found);
  } else if (value_ && value_->is_number_integer()) {
    if (const auto found = value_->get<std::int64_t>(); std::in_range<Integer>(found) &&
                                                        static_cast<Integer>(found) >= least &&
                                                        static_cast<Integer>(found) <= most)
      return static_cast<Integer>(found);
  }
  must_be("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

/// Result<T> for a T, and for a Result what it is.
template <typename T>
struct AsResult {
  using type = Result<T>;
};
template <typename T, typename E>
struct AsResult<Result<T, E>> {
  using type = Result<T, E>;
};

/// Reads a document from outside: `read(Field)` returns what it found there, or a Result of it. What a Field
/// refuses on the way is an Error of kind invalid; Error::at() says whose document it was.
///
///   return read_fields(object, [](Field service) -> Result<Port> {
///     return Port{service["name"].text_or_empty(), service["port"].whole<std::uint16_t>(1)};
///   });
template <typename Read>
auto read_fields(const nlohmann::json& document, Read read) {
  using Found = decltype(read(std::declval<const Field&>()));
  using Returned = typename AsResult<Found>::type;
  try {
    if constexpr (std::is_void_v<Found>) {
      read(Field(document));
      return Returned();
    } else {
      return Returned(read(Field(document)));
    }
  } catch (const Field::Wrong& wrong) {
    return Returned(invalid_error(wrong.what()));
  }
}

}  // namespace junction
