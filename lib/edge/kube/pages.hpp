#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "junction/result.hpp"

namespace junction::kube {

/// The pages of one list as they come, bounded: a server decides neither how long they go on nor how much
/// memory they take.
class Pages {
 public:
  static constexpr std::size_t most_pages = 5000;
  static constexpr std::size_t most_bytes = std::size_t{256} << 20;  ///< as text, over all pages

  explicit Pages(std::string_view path) : path_(path) {}

  /// Takes the next page, which came in so many bytes of text. Fails where the bounds are met, or the page
  /// asks for the very page that it is itself.
  Result<void> add(nlohmann::json page, std::size_t bytes);

  [[nodiscard]] const std::string& token() const { return token_; }  ///< of the next page; empty: none

  /// One list with the items of all pages, and the metadata of the last.
  nlohmann::json whole() && { return std::move(whole_); }

 private:
  std::string path_;
  nlohmann::json whole_;
  std::string token_;
  std::size_t pages_ = 0, bytes_ = 0;
};

}  // namespace junction::kube
