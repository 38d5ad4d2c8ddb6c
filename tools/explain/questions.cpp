#include "tools/explain/questions.hpp"

#include <fmt/format.h>

#include <utility>

#include "junction/request_file.hpp"
#include "junction/url.hpp"
#include "tools/options/header.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Hands questions over and completes each with what the command line says of all.
class Collector {
 public:
  Collector(const Options& options, const Subject& subject, Headers headers, const UseQuestion& use)
      : options_(options),
        subject_(subject),
        parameter_(subject.backend.policy.value_parameter()),
        headers_(std::move(headers)),
        use_(use) {}

  void add_url(std::string url) {
    add({.value = {}, .url = std::move(url), .hash = {}, .method = options_.method});
  }
  void add_hash(std::uint64_t hash) { add({.value = {}, .url = {}, .hash = hash}); }
  void add_value(std::string value) {
    std::string url = url_of_value(subject_, value);
    add({.value = std::move(value), .url = std::move(url), .hash = {}, .method = options_.method});
  }

  Result<void> add_file(const std::string& path, std::istream& in) {
    auto file = junction::RequestFile::open(path, in);
    if (!file) return std::move(file).error();
    while (true) {
      auto request = file->next(parameter_);
      if (!request) return std::move(request).error();
      if (!*request) return {};
      add_request(std::move(**request));
    }
  }

 private:
  void add(AskedRequest asked) {
    asked.headers.insert(asked.headers.begin(), headers_.begin(), headers_.end());
    if (asked.source_ip.empty()) asked.source_ip = options_.source_ip;
    use_(std::move(asked));
  }

  void add_request(junction::LineRequest request) {
    if (request.value) return add_value(std::move(*request.value));
    if (request.hash) return add_hash(*request.hash);
    add({.value = {},
         .url = std::move(request.url),
         .hash = {},
         .method = request.method.empty() ? options_.method : std::move(request.method),
         .source_ip = std::move(request.source_ip),
         .headers = std::move(request.headers)});
  }

  const Options& options_;
  const Subject& subject_;
  const std::string parameter_;
  Headers headers_;
  const UseQuestion& use_;
};

}  // namespace

std::string url_of_value(const Subject& subject, const std::string& value) {
  const std::string target =
      fmt::format("/?{}={}", junction::form_encode(subject.backend.policy.value_parameter()),
                  junction::form_encode(value));
  if (!subject.service) return target;
  const junction::Url url{.scheme = subject.backend.port == 443 ? "https" : "http",
                          .host = junction::service_host(subject.service->name, subject.service->namespace_),
                          .port = subject.backend.port,
                          .target = target};
  return url.to_string();
}

Result<void> read_questions(const Options& options, const Subject& subject, std::istream& in,
                            const UseQuestion& use) {
  auto headers = parse_headers(options.headers);
  if (!headers) return std::move(headers).error();
  Collector collector(options, subject, std::move(*headers), use);
  for (const std::string& url : subject.urls) collector.add_url(url);
  for (const std::string& value : options.queries) collector.add_value(value);
  for (const std::string& text : options.hashes) {
    const auto hash = parse_hash(text);
    if (!hash) return Error{ErrorKind::usage, fmt::format("--hash: {}", hash.error().message)};
    collector.add_hash(*hash);
  }
  for (const std::string& path : options.requests)
    if (auto added = collector.add_file(path, in); !added) return std::move(added).error();
  return {};
}

}  // namespace junctionctl::explain
