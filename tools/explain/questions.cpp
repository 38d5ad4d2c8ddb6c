#include "tools/explain/questions.hpp"

#include <fmt/format.h>

#include <fstream>
#include <istream>
#include <utility>

#include "junction/documents.hpp"
#include "junction/request_line.hpp"
#include "junction/url.hpp"
#include "tools/options/header.hpp"
#include "tools/output/table.hpp"

namespace junctionctl::explain {
namespace {

using junction::Error;
using junction::ErrorKind;
using junction::Result;
using Headers = std::vector<std::pair<std::string, std::string>>;

std::string parameter_of(const junction::Policy& policy) {
  for (const junction::HashParam& param : policy.hash_params)
    if (param.type == junction::HashParam::Type::query_param) return param.name;
  return "query";
}

/// Hands questions over and completes each with what the command line says of all.
class Collector {
 public:
  Collector(const Options& options, const Subject& subject, Headers headers, const UseQuestion& use)
      : options_(options), subject_(subject), headers_(std::move(headers)), use_(use) {}

  void add_url(std::string url) {
    add({.value = {}, .url = std::move(url), .hash = {}, .method = options_.method});
  }
  void add_hash(std::uint64_t hash) { add({.value = {}, .url = {}, .hash = hash}); }
  void add_value(std::string value) {
    std::string url = url_of_value(subject_, value);
    add({.value = std::move(value), .url = std::move(url), .hash = {}, .method = options_.method});
  }

  Result<void> add_lines(std::istream& in, const std::string& path) {
    const std::string origin = path == "-" ? "standard input" : path;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
      if (number == 1)
        if (auto checked = junction::check_not_compressed(line, path); !checked) return checked;
      if (auto added = add_line(line); !added)
        return Error{ErrorKind::invalid,
                     fmt::format("{}:{}: {}", origin, number, printable(added.error().message))};
    }
    if (in.bad()) return Error{ErrorKind::io, fmt::format("cannot read '{}' to its end", origin)};
    return {};
  }

 private:
  void add(AskedRequest asked) {
    asked.headers.insert(asked.headers.begin(), headers_.begin(), headers_.end());
    if (asked.source_ip.empty()) asked.source_ip = options_.source_ip;
    use_(std::move(asked));
  }

  Result<void> add_line(const std::string& line) {
    const junction::RequestLine taken = junction::classify_line(line);
    auto parsed = junction::parse_request_line(line, parameter_of(subject_.backend.policy));
    if (!parsed) return std::move(parsed).error();
    if (!*parsed) return {};
    junction::LineRequest& request = **parsed;
    if (taken.kind == junction::LineKind::value) {
      add_value(std::string(taken.text));
    } else if (request.hash) {
      add_hash(*request.hash);
    } else {
      const bool says_method = taken.kind == junction::LineKind::access_log || request.method != "GET";
      add({.value = {},
           .url = std::move(request.url),
           .hash = {},
           .method = says_method ? std::move(request.method) : options_.method,
           .source_ip = std::move(request.source_ip),
           .headers = std::move(request.headers)});
    }
    return {};
  }

  const Options& options_;
  const Subject& subject_;
  Headers headers_;
  const UseQuestion& use_;
};

Result<void> add_file(Collector& collector, const std::string& path, std::istream& in) {
  if (path == "-") return collector.add_lines(in, path);
  std::ifstream file(path, std::ios::binary);
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    // The library's reader knows how to say why; a file that is merely empty has no questions.
    if (auto text = junction::read_file(path); !text) return std::move(text).error();
    return {};
  }
  return collector.add_lines(file, path);
}

}  // namespace

std::string url_of_value(const Subject& subject, const std::string& value) {
  const std::string target = fmt::format(
      "/?{}={}", junction::form_encode(parameter_of(subject.backend.policy)), junction::form_encode(value));
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
    if (auto added = add_file(collector, path, in); !added) return std::move(added).error();
  return {};
}

}  // namespace junctionctl::explain
