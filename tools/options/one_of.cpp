#include "tools/options/one_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "junction/closest_word.hpp"

namespace junctionctl {
namespace {

// A validator keeps no data but its name.
constexpr std::string_view mark = "one of ";
constexpr std::string_view between = ", ";

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
  std::string name = fmt::format("{}{}", mark, fmt::join(words, between));
  return {[words = std::move(words)](const std::string& value) {
            if (std::find(words.begin(), words.end(), value) != words.end()) return std::string();
            return fmt::format("'{}' is none of {}{}", value, fmt::join(words, between),
                               junction::did_you_mean(value, words));
          },
          "", std::move(name)};
}

std::vector<std::string> choices_of(CLI::Option& option) {
  try {
    for (int i = 0;; ++i) {
      const std::string& name = option.get_validator(i)->get_name();
      if (name.starts_with(mark)) {
        std::vector<std::string> words;
        for (std::size_t at = mark.size(); at < name.size();) {
          const std::size_t end = std::min(name.find(between, at), name.size());
          words.push_back(name.substr(at, end - at));
          at = end + between.size();
        }
        return words;
      }
    }
  } catch (const CLI::OptionNotFound&) {  // how CLI11 says that there are no more
    return {};
  }
}

}  // namespace junctionctl
