#include "edge/kube/object_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/files/field.hpp"

namespace junction::kube {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds first_backoff{100};
constexpr milliseconds longest_backoff{5000};
constexpr std::chrono::seconds healthy_stream{5};  // one that lived so long ended in the ordinary way

std::string text(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

void ObjectWatch::listed(const json& list) {
  objects_.clear();
  if (const json& items = member(list, "items"); items.is_array())
    for (const json& item : items) objects_[text(member(item, "metadata"), "name")] = item;
  resource_version_ = text(member(list, "metadata"), "resourceVersion");
  listed_once_ = true;
  ++revision_;
}

void ObjectWatch::list_failed(Time now) {
  wait(now);
}

void ObjectWatch::started(Time now) {
  started_ = now;
  progress_ = false;
  lines_ = {};
}

bool ObjectWatch::on_data(std::string_view data) {
  lines_.add(data);
  while (true) {
    const auto line = lines_.next();
    if (!line) return error_ = line.error().at("the watch"), false;
    if (!*line) return true;
    if (!on_event(**line)) return false;
  }
}

bool ObjectWatch::on_event(const json& event) {
  const std::string type = text(event, "type");
  const json& object = member(event, "object");
  const json& metadata = member(object, "metadata");
  const std::string version = text(metadata, "resourceVersion");
  if (type == "ERROR") return on_error_event(object), false;
  if (version.empty()) {
    error_ = Error{ErrorKind::server, "the watch carried something that is no event"};
    return false;
  }
  progress_ = progress_ || version != resource_version_;
  resource_version_ = version;
  if (type == "BOOKMARK") return true;
  const std::string name = text(metadata, "name");
  if (type == "DELETED")
    objects_.erase(name);
  else
    objects_[name] = object;
  ++revision_;
  return true;
}

void ObjectWatch::on_error_event(const json& status) {
  const json& code = member(status, "code");
  if (code == 410)
    resource_version_.reset();  // expected now and then: list again, no word about it
  else
    error_ = Error{ErrorKind::server,
                   fmt::format("the watch was ended by the server: {}", text(status, "message"))};
}

void ObjectWatch::ended(Time now, bool expired) {
  if (expired) resource_version_.reset();
  const bool healthy = progress_ || now - started_ >= healthy_stream;
  if (healthy) backoff_ = milliseconds(0);
  if (!healthy || error_) return wait(now);
  due_ = now;
}

void ObjectWatch::wait(Time now) {
  backoff_ = std::clamp(backoff_ * 2, first_backoff, longest_backoff);
  due_ = now + backoff_;
}

std::optional<Error> ObjectWatch::take_error() {
  return std::exchange(error_, std::nullopt);
}

}  // namespace junction::kube
