#include "edge/kube/kubeconfig.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "edge/files/field.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;

void add_entries(const Field& list, const char* what, const std::string& directory,
                 std::map<std::string, KubeconfigEntry>& into) {
  std::set<std::string> names;
  for (const Field item : list.items_or_none()) {
    const std::string name = item["name"].text_or_empty();
    if (!names.insert(name).second) Field::refuse(fmt::format("{} has \"{}\" twice", list.path(), name));
    const Field entry = item[what];
    if (!entry.absent()) static_cast<void>(entry.members());  // must be a map
    into.try_emplace(name, KubeconfigEntry{entry.absent() ? json::object() : entry.json(), directory});
  }
}

void read_kubeconfig(const Field& file, const std::string& directory, Kubeconfig& into) {
  if (!file.json().is_object()) Field::refuse("is not a kubeconfig");
  if (const json& kind = file["kind"].json(); !kind.is_null() && kind != "Config" && kind != "")
    Field::refuse(fmt::format("is no kubeconfig, but of kind {}", kind.dump()));
  if (const json& version = file["apiVersion"].json(); !version.is_null() && version != "v1" && version != "")
    Field::refuse(fmt::format("is a kubeconfig of version {}, and only v1 is known", version.dump()));
  add_entries(file["clusters"], "cluster", directory, into.clusters);
  add_entries(file["users"], "user", directory, into.users);
  add_entries(file["contexts"], "context", directory, into.contexts);
  if (into.current_context.empty()) into.current_context = file["current-context"].text_or_empty();
}

}  // namespace

Result<void> merge_kubeconfig(const std::string& path, Kubeconfig& into) {
  JUNCTION_TRY_ASSIGN(const std::vector<json> documents, read_documents(path));
  into.files.push_back(path);
  if (documents.empty()) return {};
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  auto read =
      read_fields(documents.front(), [&](const Field& file) { read_kubeconfig(file, directory, into); });
  if (!read) return std::move(read).error().at(path);
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
