#include "edge/sandbox/connection_registry.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <utility>

namespace junction::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto room_time = 200ms;  // for an evicted connection to be gone

}  // namespace

std::size_t ConnectionRegistry::connections() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void ConnectionRegistry::add(int socket, const void* owner, std::function<void(Place)> serve) {
  std::unique_lock lock(mutex_);
  if (!make_room(lock)) {
    ::close(socket);
    return;
  }
  Place place = entries_.end();
  try {
    place = entries_.insert(entries_.end(), {socket, owner, false, false, std::chrono::steady_clock::now()});
    const bool runs = pool_.run([this, place, serve = std::move(serve)] {
      serve(place);
      remove(place);
    });
    if (runs) return;
  } catch (const std::bad_alloc&) {
  }
  ::close(socket);
  if (place != entries_.end()) entries_.erase(place);
  evict_locked();  // what it frees will be there for the next
}

void ConnectionRegistry::set_busy(Place place, bool busy) {
  const std::lock_guard lock(mutex_);
  place->busy = busy;
  place->since = std::chrono::steady_clock::now();
}

bool ConnectionRegistry::evict() {
  const std::lock_guard lock(mutex_);
  return evict_locked();
}

bool ConnectionRegistry::make_room(std::unique_lock<std::mutex>& lock) {
  if (entries_.size() < limits_.connections) return true;
  if (!evict_locked()) return false;
  return removed_.wait_for(lock, room_time, [&] { return entries_.size() < limits_.connections; });
}

bool ConnectionRegistry::evict_locked() {
  Place oldest = entries_.end();
  for (Place entry = entries_.begin(); entry != entries_.end(); ++entry)
    if (!entry->busy && !entry->evicted && (oldest == entries_.end() || entry->since < oldest->since))
      oldest = entry;
  if (oldest == entries_.end()) return false;
  oldest->evicted = true;
  ::shutdown(oldest->socket, SHUT_RDWR);  // its thread notices, and closes it
  return true;
}

void ConnectionRegistry::end(const void* owner) {
  const auto is_ours = [&](const Entry& entry) { return entry.owner == owner; };
  std::unique_lock lock(mutex_);
  for (const Entry& entry : entries_)
    if (is_ours(entry)) ::shutdown(entry.socket, SHUT_RDWR);
  removed_.wait(lock, [&] { return std::none_of(entries_.begin(), entries_.end(), is_ours); });
}

void ConnectionRegistry::remove(Place place) {
  const std::lock_guard lock(mutex_);
  ::close(place->socket);  // with the lock held: nobody may shut down a number that is another's by then
  entries_.erase(place);
  removed_.notify_all();
}

}  // namespace junction::sandbox
