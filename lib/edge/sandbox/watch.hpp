#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/representation.hpp"
#include "edge/sandbox/selector.hpp"

namespace junction::sandbox {

/// One client's watch: remembers how far it is, and turns the store's changes into events, a JSON line each.
class Watch {
 public:
  struct Asked {
    ResourcePath target;  ///< a collection, or one object of it
    Filter filter;
    Form form;
    RowObject include;
    std::uint64_t from = 0;  ///< the version after which events begin; 0: with what is there
    std::chrono::steady_clock::time_point until;
  };

  Watch(const ObjectStore& store, Asked asked);

  /// Appends the events that have come (after waiting a little for the first); false at the end.
  bool next(std::string& chunk);

 private:
  void add_initial();
  [[nodiscard]] bool concerns(const ObjectKey& key) const;
  void add(const Change& change, std::string& chunk);
  void event(const char* kind, const Object& object, std::string& chunk);
  void too_old(std::string& chunk) const;

  const ObjectStore& store_;
  Asked asked_;
  std::uint64_t version_;
  std::string initial_;
  bool first_ = true;
};

}  // namespace junction::sandbox
