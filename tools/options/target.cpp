#include "tools/options/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace junctionctl {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;

struct Spelling {
  std::string_view text;
  std::string_view kind;
};

constexpr std::array spellings{
    Spelling{"service", "service"},
    Spelling{"services", "service"},
    Spelling{"svc", "service"},
    Spelling{"pod", "pod"},
    Spelling{"pods", "pod"},
    Spelling{"po", "pod"},
    Spelling{"deployment", "deployment"},
    Spelling{"deployments", "deployment"},
    Spelling{"deploy", "deployment"},
    Spelling{"deployment.apps", "deployment"},
    Spelling{"deployments.apps", "deployment"},
    Spelling{"statefulset", "statefulset"},
    Spelling{"statefulsets", "statefulset"},
    Spelling{"sts", "statefulset"},
    Spelling{"statefulset.apps", "statefulset"},
    Spelling{"replicaset", "replicaset"},
    Spelling{"replicasets", "replicaset"},
    Spelling{"rs", "replicaset"},
    Spelling{"replicaset.apps", "replicaset"},
};

std::optional<std::string> kind_of(std::string_view text) {
  const auto found =
      std::find_if(spellings.begin(), spellings.end(), [&](const Spelling& s) { return s.text == text; });
  if (found == spellings.end()) return std::nullopt;
  return std::string(found->kind);
}

bool is_name(std::string_view text) {
  const bool characters =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
  return characters && !text.empty() && text.size() <= 253 && text.front() != '-' && text.front() != '.' &&
         text.back() != '-' && text.back() != '.';
}

Result<Target> one(std::string kind, const std::string& name) {
  if (!is_name(name))
    return Error{
        ErrorKind::usage,
        fmt::format("'{}' is not the name of a {}: lower-case letters, digits, '-' and '.'", name, kind)};
  return Target{std::move(kind), name};
}

Result<Target> parse_word(const std::string& word, const std::string& default_kind) {
  const std::size_t slash = word.find('/');
  if (slash == std::string::npos) return one(default_kind, word);
  const auto kind = kind_of(word.substr(0, slash));
  if (!kind)
    return Error{ErrorKind::usage, fmt::format("'{}' is not a kind that this verb knows: write {}/NAME",
                                               word.substr(0, slash), default_kind)};
  return one(*kind, word.substr(slash + 1));
}

}  // namespace

Result<std::vector<Target>> parse_targets(const std::vector<std::string>& words,
                                          const std::string& default_kind) {
  if (words.empty()) return Error{ErrorKind::usage, fmt::format("name what is meant: {}/NAME", default_kind)};
  const auto kind = words.size() > 1 ? kind_of(words.front()) : std::nullopt;
  std::vector<Target> targets;
  for (std::size_t i = kind ? 1 : 0; i < words.size(); ++i) {
    auto target = parse_word(words[i], kind.value_or(default_kind));
    if (!target) return std::move(target).error();
    targets.push_back(std::move(*target));
  }
  return targets;
}

Result<Target> parse_target(const std::vector<std::string>& words, const std::string& default_kind) {
  auto targets = parse_targets(words, default_kind);
  if (!targets) return std::move(targets).error();
  if (targets->size() > 1)
    return Error{ErrorKind::usage,
                 fmt::format("one target at a time, not {} and {}", (*targets)[0].name, (*targets)[1].name)};
  return std::move(targets->front());
}

}  // namespace junctionctl
