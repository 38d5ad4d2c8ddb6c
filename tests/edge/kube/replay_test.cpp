// Requests and answers of a real API server: each request that the client makes is held against the recorded
// one, field by field, and the client must make the right thing of the recorded answer.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "junction/documents.hpp"
#include "junction/kube/client.hpp"
#include "junction/kube/objects.hpp"
#include "junction/url.hpp"
#include "tests/edge/kube/scripted_server.hpp"

using namespace junction;
using namespace junction::kube;
using namespace junction::test;
using nlohmann::json;

namespace {

json recording(const std::string& name) {
  auto documents = read_documents(std::string(TEST_DATA "/kube/") + name + ".json");
  if (!documents) FAIL(documents.error().message);
  return std::move(documents->front());
}

/// The recorded answer, framed as it was.
Reply reply_of(const json& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response["status"].get<int>()) + " X\r\n";
  const bool stream = response.contains("chunks");
  for (const json& header : response["headers"]) {
    const std::string name = header[0], value = header[1];
    if (name == "Content-Length" || name == "Transfer-Encoding" || name == "Connection") continue;
    head += name + ": " + value + "\r\n";
  }
  if (!stream) {
    const std::string body = response.value("body", "");
    return {.pieces = {head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body}};
  }
  Reply reply{.pieces = {head + "Transfer-Encoding: chunked\r\n\r\n"}};
  for (const json& piece : response["chunks"])
    if (const std::string data = piece.value("data", ""); !data.empty()) reply.pieces.push_back(chunk(data));
  const std::string end = response.value("end", "");
  reply.close = end.find("zero-length") == std::string::npos;
  if (!reply.close) reply.pieces.push_back("0\r\n\r\n");
  return reply;
}

std::map<std::string, std::string> query_of_target(std::string_view target) {
  std::map<std::string, std::string> query;
  const std::size_t mark = target.find('?');
  std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = pair.find('=');
    query[std::string(pair.substr(0, equals))] = form_decode(pair.substr(equals + 1));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return query;
}

/// Every field of a recorded request must be in ours with the same value, and ours may have none but
/// Accept-Encoding beside them.
void compare(const SeenRequest& seen, const json& recorded) {
  const SeenRequest wanted{.line = recorded["request_line"].get<std::string>()};
  CHECK(seen.method() == wanted.method());
  CHECK(seen.target().substr(0, seen.target().find('?')) ==
        wanted.target().substr(0, wanted.target().find('?')));
  CHECK(query_of_target(seen.target()) == query_of_target(wanted.target()));
  CHECK(seen.body == recorded.value("body", ""));
  std::set<std::string> names;
  for (const json& header : recorded["headers"]) {
    const std::string name = header[0], value = header[1];
    CAPTURE(name);
    names.insert(name);
    if (name == "Host") continue;  // another port
    CHECK(seen.header(name) == (name == "Authorization" ? "Bearer secret" : value));
  }
  for (const auto& [name, value] : seen.headers)
    if (name != "Accept-Encoding") {
      CAPTURE(name);
      CHECK(names.count(name) == 1);
    }
}

struct Answer {
  Result<json> result = Error{};
  std::vector<std::string> events;
};

/// Makes the call of ours that leads to the recorded request.
Answer call(Client& client, const json& request) {
  const std::string line = request["request_line"];
  const std::string target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
  const std::string path = target.substr(0, target.find('?'));
  auto query = query_of_target(target);
  if (line.starts_with("PATCH")) {
    std::string type;
    for (const json& header : request["headers"])
      if (header[0] == "Content-Type") type = header[1];
    const auto patch_type = type.find("strategic") != type.npos    ? PatchType::strategic
                            : type.find("json-patch") != type.npos ? PatchType::json
                            : type.find("apply") != type.npos      ? PatchType::apply
                                                                   : PatchType::merge;
    return {client.patch(path, patch_type, request.value("body", ""),
                         {.dry_run = query.count("dryRun") == 1,
                          .field_manager = query["fieldManager"],
                          .force = query["force"] == "true"}),
            {}};
  }
  if (query.count("watch") == 0) return {client.get(target), {}};
  Answer answer;
  const auto watched = client.watch(path,
                                    {.label_selector = query["labelSelector"],
                                     .field_selector = query["fieldSelector"],
                                     .resource_version = query["resourceVersion"],
                                     .timeout = std::chrono::seconds(std::stoi(query["timeoutSeconds"]))},
                                    [&](const WatchEvent& event) {
                                      answer.events.emplace_back(event.type);
                                      return true;
                                    });
  if (watched)
    answer.result = json::object();
  else
    answer.result = watched.error();
  return answer;
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
      return ErrorKind::unauthorized;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::conflict;
    case 410:
      return ErrorKind::expired;
    case 504:
      return ErrorKind::timeout;
    default:
      return status >= 400 && status < 429 ? ErrorKind::invalid : ErrorKind::server;
  }
}

ClusterConfig config_for(const ScriptedServer& server) {
  return {.server = server.url(), .token = "secret"};
}

/// What our client sends, and what only a person with curl would.
bool replayable(const json& exchange) {
  const json& request = exchange["request"];
  if (!request.contains("request_line") || !exchange["response"].contains("status")) return false;
  const std::string line = request["request_line"];
  if (!line.ends_with(" HTTP/1.1") || !(line.starts_with("GET /api") || line.starts_with("PATCH /api")))
    return false;
  if (exchange["response"]["status"] == 429 || exchange["response"]["status"] == 503)
    return false;  // retried: below
  if (exchange["response"].contains("body_gzip_base64") || exchange["response"].contains("body_truncated"))
    return false;
  if (request.contains("body_truncated") || line.find("timeout=") != line.npos) return false;
  if (line.find("force=") != line.npos && request["headers"].dump().find("apply-patch") == std::string::npos)
    return false;
  std::map<std::string, std::string> headers;
  for (const json& header : request["headers"]) headers[header[0]] = header[1];
  return headers["User-Agent"] == "junctionctl/0.1.0" && headers["Accept"] == "application/json" &&
         headers["Authorization"] == "Bearer <redacted>" && headers.count("Content-Encoding") == 0;
}

}  // namespace

TEST_CASE("every recorded exchange is asked for alike and understood") {
  std::size_t replayed = 0;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(TEST_DATA "/kube"))
    if (entry.path().filename().string() < "10") files.push_back(entry.path());
  for (const auto& file : files) {
    const json record = recording(file.stem().string());
    for (const json& exchange : record["exchanges"]) {
      if (!replayable(exchange)) continue;
      const std::string where = file.stem().string() + ": " + exchange["label"].get<std::string>();
      CAPTURE(where);
      ScriptedServer server([&](const SeenRequest&) { return reply_of(exchange["response"]); });
      Client client(config_for(server));
      const std::string line = exchange["request"]["request_line"];
      // Our watches always ask for bookmarks and always name a time.
      const bool other_watch = line.find("watch=") != line.npos &&
                               line.find("watch=true&allowWatchBookmarks=true&timeoutSeconds=") == line.npos;
      if (other_watch) continue;
      ++replayed;
      const Answer answer = call(client, exchange["request"]);
      REQUIRE(server.seen().size() == 1);
      compare(server.seen()[0], exchange["request"]);
      const int status = exchange["response"]["status"];
      if (status < 300) {
        if (!answer.result) FAIL_CHECK(answer.result.error().message);
        continue;
      }
      REQUIRE_FALSE(answer.result);
      CAPTURE(answer.result.error().message);
      const bool owned =
          exchange["response"].value("body", "").find("FieldManagerConflict") != std::string::npos;
      CHECK(answer.result.error().kind == (owned ? ErrorKind::owned : kind_of(status)));
      CHECK(answer.result.error().message.find('\n') == std::string::npos);
      // The server's own words get through, but for 401, where it has none.
      const json body = json::parse(exchange["response"].value("body", ""), nullptr, false);
      if (body.is_object() && status != 401)
        CHECK(answer.result.error().message.find(body["message"].get<std::string>().substr(0, 60)) !=
              std::string::npos);
    }
  }
  CHECK(replayed > 80);
}

TEST_CASE("a list of several pages is fetched page by page, the last of which is empty") {
  const json record = recording("03-list-limit-1");
  std::size_t next = 0;
  ScriptedServer server(
      [&](const SeenRequest&) { return reply_of(record["exchanges"][next++]["response"]); });
  Client client(config_for(server));
  const auto list = client.list(endpoint_slices_path("default"),
                                {.label_selector = "kubernetes.io/service-name=wineinfo-recs", .limit = 1});
  if (!list) FAIL(list.error().message);
  const auto seen = server.seen();
  REQUIRE(seen.size() == record["exchanges"].size());
  for (std::size_t i = 0; i < seen.size(); ++i) compare(seen[i], record["exchanges"][i]["request"]);
  std::set<std::string> names;
  for (const json& item : (*list)["items"]) names.insert(parse_endpoint_slice(item)->name);
  CHECK(names.size() == (*list)["items"].size());
  CHECK(names.count("wineinfo-recs-a1") == 1);
  CHECK(names.count("wineinfo-recs-b2") == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE("a continue token that has expired starts the list anew") {
  const json record = recording("03-list-continue-expired-410");
  const json whole = recording("03-list-endpointslices");
  int asked = 0;
  ScriptedServer server([&](const SeenRequest&) {
    ++asked;
    return reply_of(asked <= 2 ? record["exchanges"][static_cast<std::size_t>(asked - 1)]["response"]
                               : whole["exchanges"][0]["response"]);
  });
  Client client(config_for(server));
  const auto list = client.list(endpoint_slices_path("default"),
                                {.label_selector = "kubernetes.io/service-name=wineinfo-recs", .limit = 1});
  if (!list) FAIL(list.error().message);
  CHECK(asked == 3);
  CHECK(server.seen()[2].target().find("continue=") == std::string::npos);
  const json expected = json::parse(whole["exchanges"][0]["response"]["body"].get<std::string>());
  CHECK((*list)["items"] == expected["items"]);  // nothing of the first attempt is left in it
}

TEST_CASE("slices as a real controller writes them are understood") {
  for (const char* name :
       {"03-list-endpointslices", "03-list-endpointslices-live", "03-list-endpointslices-none"}) {
    CAPTURE(name);
    const json record = recording(name);
    const json list = json::parse(record["exchanges"][0]["response"]["body"].get<std::string>());
    for (const json& item : list["items"]) {
      const auto slice = parse_endpoint_slice(item);
      if (!slice) FAIL_CHECK(slice.error().message);
    }
  }
}
