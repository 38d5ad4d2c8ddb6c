#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "edge/files/field.hpp"
#include "edge/files/json.hpp"
#include "edge/kube/exec_plugin.hpp"
#include "junction/try.hpp"

namespace junction::kube {
namespace {

using std::chrono::system_clock;

Result<ExecCredential> read_credential(const ExecPlugin& plugin, const Field& object) {
  const std::string version = object["apiVersion"].text_or_empty();
  if (object["kind"].text_or_empty() != "ExecCredential") Field::refuse("it printed no ExecCredential");
  if (version != plugin.api_version)
    Field::refuse(
        fmt::format("it is configured to speak {}, but answered in {}", plugin.api_version, version));
  const Field status = object["status"];
  ExecCredential credential;
  credential.token = status["token"].text_or_empty();
  const std::string certificate = status["clientCertificateData"].text_or_empty();
  const std::string key = status["clientKeyData"].text_or_empty();
  if (credential.token.empty() && certificate.empty())
    Field::refuse("it gave neither a token nor a certificate");
  if (certificate.empty() != key.empty())
    Field::refuse("it gave a certificate without its key, or a key without its certificate");
  if (!certificate.empty()) {
    JUNCTION_TRY_ASSIGN(ClientIdentity identity, read_identity({certificate, "its clientCertificateData"},
                                                               {key, "its clientKeyData"}));
    credential.identity = std::make_shared<const ClientIdentity>(std::move(identity));
  }
  if (const std::string expiry = status["expirationTimestamp"].text_or_empty(); !expiry.empty()) {
    credential.expiry = parse_rfc3339(expiry);
    if (!credential.expiry)
      Field::refuse(fmt::format("its expirationTimestamp '{}' is no RFC 3339 time", expiry));
  }
  return credential;
}

}  // namespace

std::optional<system_clock::time_point> parse_rfc3339(std::string_view text) {
  int year = 0, used = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const std::string copy(text);
  const int fields = std::sscanf(copy.c_str(), "%4d-%2u-%2u%*1[Tt ]%2u:%2u:%2u%n", &year, &month, &day, &hour,
                                 &minute, &second, &used);
  if (fields != 6 || used == 0 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  std::string_view zone = std::string_view(copy).substr(static_cast<std::size_t>(used));
  if (zone.starts_with('.'))
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  int offset = 0;
  if (zone != "Z" && zone != "z") {
    int hours = 0, minutes = 0;
    const std::string offset_text(zone);
    if (std::sscanf(offset_text.c_str(), "%3d:%2d", &hours, &minutes) != 2) return std::nullopt;
    offset = hours * 60 + (zone.starts_with('-') ? -minutes : minutes);
  }
  return std::chrono::sys_days(date) + std::chrono::hours(hour) +
         std::chrono::minutes(static_cast<int>(minute) - offset) + std::chrono::seconds(second);
}

Result<ExecCredential> parse_exec_credential(const ExecPlugin& plugin, std::string_view text) {
  const auto object = parse_json(text);
  const std::string what =
      fmt::format("the credential plugin {} of user \"{}\"", plugin.command, plugin.user);
  if (!object || !object->is_object())
    return Error{ErrorKind::invalid, fmt::format("{}: what it printed is no JSON object", what)};
  auto credential = read_fields(*object, [&](const Field& root) { return read_credential(plugin, root); });
  if (!credential) return std::move(credential).error().at(what);
  return credential;
}

}  // namespace junction::kube
