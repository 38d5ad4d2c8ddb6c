#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <span>

#include "edge/sandbox/object_store.hpp"
#include "edge/sandbox/resource_type.hpp"

namespace junction::sandbox {

/// What to put into each row's `object`: what a Table request's includeObject says.
enum class RowObject { none, metadata, object };

/// A meta.k8s.io/v1 Table, the form kubectl get asks for and prints. `metadata` is the list's.
nlohmann::json make_table(const ResourceType& type, std::span<const Object> objects, nlohmann::json metadata,
                          RowObject include, std::chrono::system_clock::time_point now,
                          bool with_columns = true);

/// "5s", "2m10s", "3h5m", "4d", as kubectl prints ages. Source: k8s.io/apimachinery duration.HumanDuration.
std::string human_duration(std::chrono::seconds duration);

}  // namespace junction::sandbox
