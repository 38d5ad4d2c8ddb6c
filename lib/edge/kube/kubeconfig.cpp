#include "edge/kube/kubeconfig.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "edge/kube/fields.hpp"
#include "junction/documents.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

void add_entries(const json& file, const char* list, const char* what, const std::string& directory,
                 std::map<std::string, KubeconfigEntry>& into) {
  std::set<std::string> names;
  for (const json& item : list_field(file, list)) {
    const std::string name = text_field(item, "name");
    if (!names.insert(name).second) throw FieldError{fmt::format("{} has \"{}\" twice", list, name)};
    into.try_emplace(name, KubeconfigEntry{map_field(item, what), directory});
  }
}

}  // namespace

Result<void> merge_kubeconfig(const std::string& path, Kubeconfig& into) {
  auto documents = read_documents(path);
  if (!documents) return std::move(documents).error();
  into.files.push_back(path);
  if (documents->empty()) return {};
  const json& file = documents->front();
  if (!file.is_object()) return Error{ErrorKind::invalid, fmt::format("{}: is not a kubeconfig", path)};
  if (const json kind = file.value("kind", json("Config")); kind != "Config")
    return Error{ErrorKind::invalid, fmt::format("{}: is no kubeconfig, but of kind {}", path, kind.dump())};
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  const auto read = reading(path, [&] {
    add_entries(file, "clusters", "cluster", directory, into.clusters);
    add_entries(file, "users", "user", directory, into.users);
    add_entries(file, "contexts", "context", directory, into.contexts);
    if (into.current_context.empty()) into.current_context = text_field(file, "current-context");
    return true;
  });
  if (!read) return read.error();
  return {};
}

std::vector<std::string> kubeconfig_paths(const std::string& explicit_path, const char* variable,
                                          const char* home) {
  if (!explicit_path.empty()) return {explicit_path};
  std::vector<std::string> paths;
  for (std::string_view rest = variable ? variable : ""; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) paths.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (paths.empty() && home && *home) paths.push_back(std::string(home) + "/.kube/config");
  return paths;
}

}  // namespace junction::kube
