#include "junction/kube/backend_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "edge/kube/client_impl.hpp"
#include "edge/kube/object_watch.hpp"
#include "edge/kube/response_error.hpp"
#include "junction/kube/objects.hpp"

namespace junction::kube {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds dns_interval{30000};

bool same_in_force(const Backend& a, const Backend& b) {
  return a.policy == b.policy && a.dropped() == b.dropped() &&
         a.endpoints.endpoints == b.endpoints.endpoints && a.endpoints.excluded == b.endpoints.excluded;
}

/// A collection that is followed, and the request that follows it.
struct Followed {
  std::string path;
  std::string label_selector;
  std::string field_selector;
  ObjectWatch watch{};
  std::unique_ptr<Transfer> transfer{};
};

}  // namespace

class BackendWatch::Impl {
 public:
  Impl(ClusterConfig config, std::string namespace_, std::string service, std::uint16_t port,
       OnChange on_change, OnError on_error)
      : client_(std::move(config)),
        service_(std::move(service)),
        port_(port),
        on_change_(std::move(on_change)),
        on_error_(std::move(on_error)),
        services_{.path = service_path(namespace_),
                  .label_selector = {},
                  .field_selector = "metadata.name=" + service_},
        slices_{.path = endpoint_slices_path(namespace_),
                .label_selector = slices_selector(service_),
                .field_selector = {}},
        thread_([this] { follow(); }) {}

  ~Impl() {
    client_.cancel();
    thread_.join();
  }

 private:
  Transport& transport() { return client_.impl_->transport(); }

  void follow() {
    while (!transport().cancelled()) {
      step(services_);
      step(slices_);
      publish();
      transport().run(idle_time());
    }
    services_.transfer.reset();
    slices_.transfer.reset();
  }

  // Until the next thing is due; whatever the server sends ends the wait sooner.
  milliseconds idle_time() const {
    milliseconds wait = dns_interval;
    for (const Followed* followed : {&services_, &slices_}) {
      if (followed->transfer && followed->transfer->done()) return milliseconds(0);
      if (followed->transfer) continue;
      const auto left = std::chrono::ceil<milliseconds>(followed->watch.due() - Clock::now());
      wait = std::clamp(left, milliseconds(0), wait);
    }
    return wait;
  }

  void step(Followed& followed) {
    if (followed.transfer && followed.transfer->done()) end_stream(followed);
    if (const auto error = followed.watch.take_error()) report(*error);
    if (followed.transfer || followed.watch.due() > Clock::now() || transport().cancelled()) return;
    if (followed.watch.needs_list()) list(followed);
    if (!followed.watch.needs_list()) start_stream(followed);
  }

  void list(Followed& followed) {
    const auto found = client_.list(followed.path, {.label_selector = followed.label_selector,
                                                    .field_selector = followed.field_selector});
    if (found) return followed.watch.listed(*found);
    report(found.error());
    followed.watch.list_failed(Clock::now());
  }

  void start_stream(Followed& followed) {
    const WatchOptions options{.label_selector = followed.label_selector,
                               .field_selector = followed.field_selector,
                               .resource_version = followed.watch.resource_version()};
    HttpRequest request{.target = watch_target(followed.path, options),
                        .headers = {"Accept: application/json"}};
    request.on_data = [&followed](std::string_view data) { return followed.watch.on_data(data); };
    auto transfer = client_.impl_->prepare(std::move(request));
    if (!transfer) {
      report(transfer.error());
      return followed.watch.list_failed(Clock::now());
    }
    followed.watch.started(Clock::now());
    followed.transfer = std::move(*transfer);
    transport().start(*followed.transfer);
  }

  void end_stream(Followed& followed) {
    const HttpResponse& response = followed.transfer->response();
    const bool refused = response.code == CURLE_OK && !response.good();
    const bool expired = refused && response.status == 410;
    const bool unreachable = response.code != CURLE_OK && response.status == 0;
    if ((refused && !expired) || unreachable)
      report(response_error(client_.config(), followed.transfer->request(), response));
    followed.watch.ended(Clock::now(), expired);
    followed.transfer.reset();
  }

  void publish() {
    if (!services_.watch.listed_once() || !slices_.watch.listed_once()) return;
    const std::uint64_t revision = services_.watch.revision() + slices_.watch.revision();
    // A name may resolve to other addresses though no object has changed.
    const bool look_up =
        in_force_ && in_force_->service.type == "ExternalName" && Clock::now() >= look_up_at_;
    if (revision == published_ && !look_up) return;
    published_ = revision;
    look_up_at_ = Clock::now() + dns_interval;
    const auto backend = assemble();
    if (!backend) return report(backend.error());
    if (backend->dropped())
      report({ErrorKind::invalid, fmt::format("service/{}: {}; the control plane drops the Service", service_,
                                              backend->why_dropped())});
    else
      last_error_.clear();
    if (in_force_ && same_in_force(*in_force_, *backend)) return;
    in_force_ = *backend;
    on_change_(*in_force_);
  }

  Result<Backend> assemble() const {
    const auto found = services_.watch.objects().find(service_);
    if (found == services_.watch.objects().end())
      return Error{ErrorKind::not_found, fmt::format("services \"{}\" not found", service_)};
    auto service = parse_service(found->second);
    if (!service) return std::move(service).error();
    std::vector<EndpointSlice> slices;
    for (const auto& [name, object] : slices_.watch.objects()) {
      auto slice = parse_endpoint_slice(object);
      if (!slice) return std::move(slice).error();
      slices.push_back(std::move(*slice));
    }
    return judge_backend(std::move(*service), slices, port_);
  }

  void report(const Error& error) {
    if (transport().cancelled() || error.message == last_error_) return;
    last_error_ = error.message;
    if (on_error_) on_error_(error);
  }

  Client client_;
  std::string service_;
  std::uint16_t port_;
  OnChange on_change_;
  OnError on_error_;
  Followed services_, slices_;
  std::uint64_t published_ = 0;
  Clock::time_point look_up_at_{};
  std::optional<Backend> in_force_;
  std::string last_error_;
  std::thread thread_;  // last: it uses all of the above
};

BackendWatch::BackendWatch(ClusterConfig config, std::string namespace_, std::string service,
                           std::uint16_t port, OnChange on_change, OnError on_error)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(namespace_), std::move(service), port,
                                   std::move(on_change), std::move(on_error))) {}

BackendWatch::~BackendWatch() = default;

}  // namespace junction::kube
