#include "core/bulk/logs/field_names.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "junction/ascii.hpp"

namespace junction {
namespace {

struct Name {
  std::string_view name;
  LogField field;
};

// Of several fields of one kind the first here is taken. From the documentation of Envoy and Istio, nginx and
// ingress-nginx (escape=json), Caddy, Traefik, HAProxy, CloudFront, Google Cloud (httpRequest), the Elastic
// Common Schema, OpenTelemetry, Heroku, Spring Boot, pino and bunyan.
constexpr Name names[] = {
    {"xenvoyoriginalpath", LogField::target},
    {"requesturi", LogField::target},
    {"request.uri", LogField::target},
    {"request.url", LogField::target},
    {"httprequest.requesturl", LogField::target},
    {"requesturl", LogField::target},
    {"requestpath", LogField::target},
    {"requesttarget", LogField::target},
    {"url.original", LogField::target},
    {"http.target", LogField::target},
    {"http.url", LogField::target},
    {"req.url", LogField::target},
    {"url", LogField::target},
    {"target", LogField::target},
    {"originalurl", LogField::target},
    {"path", LogField::path},
    {"uri", LogField::path},
    {"url.path", LogField::path},
    {"request.path", LogField::path},
    {"http.path", LogField::path},
    {"http.request.path", LogField::path},
    {"csuristem", LogField::path},
    {"endpoint", LogField::path},
    {"request", LogField::request},
    {"requestline", LogField::request},
    {"httprequest", LogField::request},
    {"req", LogField::request},
    {"args", LogField::query},
    {"querystring", LogField::query},
    {"url.query", LogField::query},
    {"request.query", LogField::query},
    {"request.querystring", LogField::query},
    {"http.query", LogField::query},
    {"csuriquery", LogField::query},
    {"query", LogField::query},
    {"method", LogField::method},
    {"requestmethod", LogField::method},
    {"httpmethod", LogField::method},
    {"request.method", LogField::method},
    {"http.method", LogField::method},
    {"http.request.method", LogField::method},
    {"httprequest.requestmethod", LogField::method},
    {"req.method", LogField::method},
    {"csmethod", LogField::method},
    {"verb", LogField::method},
    {"authority", LogField::host},
    {":authority", LogField::host},
    {"requestauthority", LogField::host},
    {"httphost", LogField::host},
    {"request.host", LogField::host},
    {"requesthost", LogField::host},
    {"http.host", LogField::host},
    {"url.domain", LogField::host},
    {"xhostheader", LogField::host},
    {"vhost", LogField::host},
    {"host", LogField::host},
    {"useragent", LogField::user_agent},
    {"httpuseragent", LogField::user_agent},
    {"useragent.original", LogField::user_agent},
    {"request.useragent", LogField::user_agent},
    {"requestuseragent", LogField::user_agent},
    {"http.useragent", LogField::user_agent},
    {"httprequest.useragent", LogField::user_agent},
    {"cs(useragent)", LogField::user_agent},
    {"csuseragent", LogField::user_agent},
    {"agent", LogField::user_agent},
    {"referer", LogField::referer},
    {"referrer", LogField::referer},
    {"httpreferer", LogField::referer},
    {"httpreferrer", LogField::referer},
    {"requestreferer", LogField::referer},
    {"http.request.referrer", LogField::referer},
    {"httprequest.referer", LogField::referer},
    {"csreferer", LogField::referer},
    {"downstreamremoteaddress", LogField::source},
    {"remoteaddr", LogField::source},
    {"remoteip", LogField::source},
    {"remoteaddress", LogField::source},
    {"request.remoteip", LogField::source},
    {"request.remoteaddr", LogField::source},
    {"req.remoteaddress", LogField::source},
    {"httprequest.remoteip", LogField::source},
    {"clientip", LogField::source},
    {"clientaddr", LogField::source},
    {"clientaddress", LogField::source},
    {"clienthost", LogField::source},
    {"client.ip", LogField::source},
    {"client.address", LogField::source},
    {"source.ip", LogField::source},
    {"source.address", LogField::source},
    {"sourceip", LogField::source},
    {"network.client.ip", LogField::source},
    {"cip", LogField::source},
    {"client", LogField::source},
    {"ip", LogField::source},
    {"xforwardedfor", LogField::forwarded_for},
    {"httpxforwardedfor", LogField::forwarded_for},
    {"forwardedfor", LogField::forwarded_for},
    {"fwd", LogField::forwarded_for},
    {"upstreamhost", LogField::upstream},
    {"upstreamaddr", LogField::upstream},
    {"upstreamaddress", LogField::upstream},
    {"serviceaddr", LogField::upstream},
    {"httprequest.serverip", LogField::upstream},
    {"upstream", LogField::upstream},
    {"starttime", LogField::time},
    {"timestamp", LogField::time},
    {"time", LogField::time},
    {"timelocal", LogField::time},
    {"timeiso8601", LogField::time},
    {"startutc", LogField::time},
    {"ts", LogField::time},
};

constexpr std::array<std::string_view, 24> wrappers{
    "log",   "message", "msg",     "data",    "fields",  "access",     "accesslog",   "json",
    "body",  "record",  "event",   "extra",   "context", "attributes", "jsonpayload", "parsed",
    "nginx", "envoy",   "haproxy", "traefik", "caddy",   "istio",      "payload",     "properties"};

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '_' && c != '-' && c != '@') text += lower(c);
  return text;
}

}  // namespace

std::optional<NamedField> field_named(std::string_view name) {
  if (name.size() > 64) return std::nullopt;
  const std::string text = plain(name);
  const auto* const found =
      std::find_if(std::begin(names), std::end(names), [&](const Name& one) { return one.name == text; });
  if (found == std::end(names)) return std::nullopt;
  return NamedField{found->field, static_cast<std::size_t>(found - std::begin(names)) + 1};
}

std::optional<LogField> field_to_map(std::string_view name) {
  constexpr Name mapped[] = {
      {"request", LogField::request},
      {"url", LogField::target},
      {"path", LogField::target},
      {"query", LogField::query},
      {"method", LogField::method},
      {"host", LogField::host},
      {"authority", LogField::host},
      {"useragent", LogField::user_agent},
      {"referer", LogField::referer},
      {"source", LogField::source},
      {"upstream", LogField::upstream},
      {"time", LogField::time},
      {"xforwardedfor", LogField::forwarded_for},
  };
  const std::string text = plain(name);
  for (const Name& one : mapped)
    if (one.name == text) return one.field;
  return std::nullopt;
}

bool is_wrapper_name(std::string_view name) {
  return std::find(wrappers.begin(), wrappers.end(), plain(name)) != wrappers.end();
}

}  // namespace junction
