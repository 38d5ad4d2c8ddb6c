// The bulk summary against asking the same Balancer about each line.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "junction/bulk.hpp"
#include "junction/request_line.hpp"
#include "tests/edge/files/temp_file.hpp"

namespace junction {
namespace {

std::vector<Endpoint> endpoints(std::size_t count) {
  std::vector<Endpoint> list;
  for (std::size_t i = 0; i < count; ++i)
    list.push_back({.address = SocketAddress::parse("10.42." + std::to_string(i / 250) + "." +
                                                    std::to_string(i % 250) + ":80")
                                   .value()});
  return list;
}

Policy by_query(std::uint32_t min_ring_size = 1024) {
  return {.type = Policy::Type::ring_hash,
          .min_ring_size = min_ring_size,
          .hash_params = {{HashParam::Type::query_param, "query", false}}};
}

struct Expected {
  std::vector<std::uint64_t> requests;
  std::uint64_t random = 0, skipped = 0, lines = 0;
  std::map<std::uint64_t, std::uint64_t> keys;
};

Expected one_by_one(const Balancer& balancer, const std::string& text) {
  Expected expected;
  expected.requests.resize(balancer.state().endpoints.size());
  for (std::size_t at = 0; at < text.size(); ++expected.lines) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto parsed = parse_request_line(std::string_view(text).substr(at, end - at), "query");
    at = end + 1;
    REQUIRE(parsed.ok());
    if (!*parsed) {
      ++expected.skipped;
      continue;
    }
    std::vector<Header> room;
    const Pick pick =
        (*parsed)->hash ? balancer.pick(*(*parsed)->hash) : balancer.pick((*parsed)->request(room));
    if (pick.reason != PickReason::ring_hash) {
      ++expected.random;
      continue;
    }
    ++expected.requests[pick.endpoint];
    ++expected.keys[*pick.hash];
  }
  return expected;
}

void check_same(const BulkSummary& summary, const Expected& expected) {
  CHECK(summary.lines == expected.lines);
  CHECK(summary.skipped == expected.skipped);
  CHECK(summary.random == expected.random);
  CHECK(summary.requests == expected.lines - expected.skipped);
  CHECK(summary.distinct_exact);
  CHECK(summary.distinct_keys == expected.keys.size());
  double traffic = 0;
  std::uint64_t keys = 0;
  for (std::size_t i = 0; i < expected.requests.size(); ++i) {
    CHECK(summary.endpoints[i].requests == expected.requests[i]);
    traffic += summary.endpoints[i].share_by_traffic;
    keys += summary.endpoints[i].keys;
  }
  CHECK(keys == expected.keys.size());
  if (!expected.keys.empty()) CHECK(traffic == doctest::Approx(1.0));
  for (const HeavyKey& key : summary.heaviest) {
    CHECK(key.requests >= expected.keys.at(key.hash));
    CHECK(key.requests - key.overcount <= expected.keys.at(key.hash));
  }
}

std::string mixed_lines(std::size_t count) {
  std::mt19937 random(4);
  const std::vector<std::string> kinds{"red",
                                       "pinot noir",
                                       "user:12",
                                       "",
                                       "  ",
                                       "100%+",
                                       "caf\xc3\xa9",
                                       "bad\xff"
                                       "utf8",
                                       "/a?query=red",
                                       "/a?x=1",
                                       "/a",
                                       "http://h/?query=pinot+noir",
                                       "{\"url\":\"/?query=red\"}",
                                       "{\"hash\":\"0123456789abcdef\"}",
                                       "INFO:     10.0.0.1:5 - \"GET /?query=pinot%20noir HTTP/1.1\" 200 OK",
                                       "INFO:     Started server process [1]",
                                       "1.2.3.4 - - [t] \"GET /?query=white HTTP/1.1\" 200 1 \"-\" \"curl\"",
                                       "1.2.3.4 - - [t] \"-\" 400 0",
                                       "1.2.3.4 - - [t] \"GET /?query=\\x22 HTTP/1.1\" 200 1",
                                       "red\r",
                                       std::string(100, 'k')};
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += (random() % 3 == 0 ? kinds[random() % kinds.size()] : "key-" + std::to_string(random() % 3000)) +
            '\n';
  return text;
}

}  // namespace

TEST_CASE(
    "a file of every kind of line, as many threads as one likes, every implementation: the same as one by "
    "one") {
  const std::string text = mixed_lines(30000);
  const TempFile file(text);
  for (const Implementation* implementation : implementations()) {
    CAPTURE(implementation->name());
    Balancer balancer(*implementation, Balancer::Options{});
    balancer.update(endpoints(7), by_query());
    const Expected expected = one_by_one(balancer, text);
    for (const unsigned threads : {1U, 3U}) {
      const auto summary = summarize_requests(balancer, file.path(), {.threads = threads});
      REQUIRE(summary.ok());
      check_same(*summary, expected);
    }
  }
}

TEST_CASE(
    "requests are remarked on as one by one, whichever thread sees them, and the first is the example") {
  const std::string text = mixed_lines(30000);
  const TempFile file(text);
  Balancer balancer;
  balancer.update(endpoints(7), by_query());
  RequestLints lints;
  std::uint64_t requests = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string_view line = std::string_view(text).substr(at, text.find('\n', at) - at);
    const auto parsed = parse_request_line(line, "query");
    if (!*parsed) continue;
    ++requests;
    const bool encoded_by_us = classify_line(line).kind == LineKind::value && !line.starts_with("bad");
    if ((*parsed)->hash || encoded_by_us) continue;
    std::vector<Header> room;
    const Request request = (*parsed)->request(room);
    lints.add(request, balancer.explain(request), at);
  }
  const std::vector<Lint> expected = lints.finish(requests);
  CHECK(expected.size() == 4);
  for (const unsigned threads : {1U, 2U, 4U}) {
    const auto summary = summarize_requests(balancer, file.path(), {.threads = threads});
    REQUIRE(summary.ok());
    CHECK(summary->lints == expected);
  }
}

TEST_CASE("every line is counted once, wherever the blocks end, from a file and from a pipe") {
  std::mt19937 random(6);
  std::string text;
  // Lines that end right at a block's end, right behind it, and right in front of it.
  constexpr std::size_t block = 65536;
  for (const std::size_t end :
       {block, 2 * block - 1, 3 * block + 1, 4 * block, 4 * block + 1, 9 * block + 7}) {
    while (text.size() + 200 < end)
      text += std::string(1 + random() % 90, static_cast<char>('a' + random() % 26)) + '\n';
    text += std::string(end - text.size() - 1, 'z') + '\n';
    REQUIRE(text.size() == end);
  }
  text += std::string(3 * block, 'y') + "\nlast";
  const TempFile file(text);
  Balancer balancer;
  balancer.update(endpoints(5), by_query());
  const Expected expected = one_by_one(balancer, text);
  for (const unsigned threads : {1U, 2U, 5U}) {
    const auto summary = summarize_requests(balancer, file.path(), {.threads = threads});
    REQUIRE(summary.ok());
    check_same(*summary, expected);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::thread writer([&] {
      for (std::size_t at = 0; at < text.size();) {
        const ssize_t put =
            write(ends[1], text.data() + at, std::min<std::size_t>(text.size() - at, 1 + at % 7001));
        if (put <= 0) break;
        at += static_cast<std::size_t>(put);
      }
      close(ends[1]);
    });
    const auto piped =
        summarize_requests(balancer, "/dev/fd/" + std::to_string(ends[0]), {.threads = threads});
    writer.join();
    close(ends[0]);
    REQUIRE(piped.ok());
    check_same(*piped, expected);
  }
}

TEST_CASE("several policies, headers first, and no policy at all") {
  const std::string text = mixed_lines(3000) + "{\"url\":\"/?query=a\",\"headers\":[[\"x-user\",\"ann\"]]}\n";
  const TempFile file(text);
  Policy headers_first = by_query();
  headers_first.hash_params.insert(headers_first.hash_params.begin(),
                                   {HashParam::Type::header, "x-user", true});
  Policy twice = by_query();
  twice.hash_params.push_back({HashParam::Type::query_param, "other", false});
  for (const Policy& policy : {headers_first, twice}) {
    Balancer balancer;
    balancer.update(endpoints(3), policy);
    const auto summary = summarize_requests(balancer, file.path());
    REQUIRE(summary.ok());
    check_same(*summary, one_by_one(balancer, text));
  }
  Balancer round_robin;
  round_robin.update(endpoints(3), Policy{});
  const auto summary = summarize_requests(round_robin, TempFile("/a\n/b\n").path());
  REQUIRE(summary.ok());
  CHECK(summary->random == 2);
  CHECK(summary->distinct_keys == 0);
}

TEST_CASE("a last line without an end, an empty file, lines longer than a block") {
  Balancer balancer;
  balancer.update(endpoints(3), by_query());
  const std::string texts[] = {"", "\n", "red", "red\nwhite",
                               std::string(700000, 'k') + "\nred\n" + std::string(300000, 'x')};
  for (const std::string& text : texts) {
    const TempFile file(text);
    const auto summary = summarize_requests(balancer, file.path(), {.threads = 2});
    REQUIRE(summary.ok());
    check_same(*summary, one_by_one(balancer, text));
  }
}

TEST_CASE("heavy keys are named by what was hashed") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "/wines?query=pinot%20noir\n";
  for (int i = 0; i < 50; ++i) text += "red\n";
  Balancer balancer;
  balancer.update(endpoints(4), by_query());
  const auto summary = summarize_requests(balancer, TempFile(text).path(), {.threads = 1, .heaviest = 2});
  REQUIRE(summary.ok());
  REQUIRE(summary->heaviest.size() == 2);
  CHECK(summary->heaviest[0].text == "pinot noir");
  CHECK(summary->heaviest[0].requests == 100);
  CHECK(summary->heaviest[0].overcount == 0);
  CHECK(summary->heaviest[0].endpoint == balancer.pick({.url = "/?query=pinot+noir"}).endpoint);
  CHECK(summary->heaviest[1].text == "red");
}

TEST_CASE(
    "what goes with every request counts, several files count together, and bare values need no parameter") {
  const TempFile first("/a?query=red\nred\n{\"url\":\"/\",\"headers\":[[\"x-user\",\"bob\"]]}\n"),
      second("/b\nwhite\n");
  Policy policy = by_query();
  policy.hash_params.push_back({HashParam::Type::header, "x-user", false});
  Balancer balancer;
  balancer.update(endpoints(5), policy);
  const Header ann{"x-user", "ann"}, bob{"x-user", "bob"};
  const std::vector<Header> with_ann{ann}, with_both{ann, bob};
  std::vector<std::uint64_t> expected(5);
  const Request requests[] = {{.url = "/a?query=red", .headers = with_ann},
                              {.url = "/?query=red", .headers = with_ann},
                              {.url = "/", .headers = with_both},
                              {.url = "/b", .headers = with_ann},
                              {.url = "/?query=white", .headers = with_ann}};
  for (const Request& request : requests) ++expected[balancer.pick(request).endpoint];
  const auto summary =
      summarize_requests(balancer, {first.path(), second.path()}, {.headers = {{"x-user", "ann"}}});
  REQUIRE(summary.ok());
  CHECK(summary->requests == 5);
  CHECK(summary->distinct_keys == 4);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(summary->endpoints[i].requests == expected[i]);

  policy.hash_params.erase(policy.hash_params.begin());
  balancer.set_policy(policy);
  const auto by_header = summarize_requests(balancer, {first.path(), second.path()}, {});
  REQUIRE(by_header.ok());
  CHECK(by_header->random == 4);
  REQUIRE(by_header->lints.size() == 1);
  CHECK(by_header->lints[0].evidence.starts_with("4 of 5 requests, such as /a?query=red"));

  balancer.set_policy({});
  const TempFile hash("{\"hash\":\"0123456789abcdef\"}\n");
  CHECK(summarize_requests(balancer, hash.path())->random == 1);

  balancer.update(endpoints(5), {.type = Policy::Type::ring_hash,
                                 .hash_params = {{HashParam::Type::source_ip, "", false}}});
  CHECK(summarize_requests(balancer, first.path(), {.source_ip = "192.0.2.1"})->random == 3);
  Balancer envoy(*find_implementation("envoy"), {});
  envoy.update(endpoints(5),
               {.type = Policy::Type::ring_hash, .hash_params = {{HashParam::Type::source_ip, "", false}}});
  CHECK(summarize_requests(envoy, first.path(), {.source_ip = "192.0.2.1"})->distinct_keys == 1);
}

TEST_CASE("requests are the same however the file is encoded, from a file and from a pipe") {
  const std::string text = mixed_lines(20000), ascii = "red\nwhite\n" + std::string(200000, 'k') + "\nrose";
  Balancer balancer;
  balancer.update(endpoints(5), by_query());
  for (const auto& [plain, encoded] :
       std::vector<std::pair<std::string, std::string>>{{text, "\xef\xbb\xbf" + text},
                                                        {text, gzip(text)},
                                                        {ascii, utf16(ascii, false, true)},
                                                        {ascii, utf16(ascii, true, false)}}) {
    const Expected expected = one_by_one(balancer, plain);
    const TempFile file(encoded);
    const auto summary = summarize_requests(balancer, file.path(), {.threads = 2});
    REQUIRE_MESSAGE(summary, summary.error().message);
    check_same(*summary, expected);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::thread writer([&] {
      for (std::size_t at = 0; at < encoded.size();) {
        const ssize_t put =
            write(ends[1], encoded.data() + at, std::min<std::size_t>(encoded.size() - at, 4001));
        if (put <= 0) break;
        at += static_cast<std::size_t>(put);
      }
      close(ends[1]);
    });
    const auto piped = summarize_requests(balancer, "/dev/fd/" + std::to_string(ends[0]), {.threads = 2});
    writer.join();
    close(ends[0]);
    REQUIRE(piped);
    check_same(*piped, expected);
  }
  const TempFile packed("\x28\xb5\x2f\xfd\nrest\n");
  CHECK(summarize_requests(balancer, packed.path()).error().message.find("compressed by zstd") !=
        std::string::npos);
}

TEST_CASE("what cannot be read is named: the file, the line by number") {
  Balancer balancer;
  balancer.update(endpoints(3), by_query());
  const auto message = [&](const std::string& path, unsigned threads) {
    const auto summary = summarize_requests(balancer, path, {.threads = threads});
    REQUIRE_FALSE(summary.ok());
    return summary.error().message;
  };
  CHECK(message("/no/such/file", 1) == "cannot read '/no/such/file': No such file or directory");
  CHECK(message("/tmp", 1) == "cannot read '/tmp': Is a directory");
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "key-" + std::to_string(i) + '\n';
  const TempFile file(text + "{\"url\":1}\nmore\n{\n");
  for (const unsigned threads : {1U, 2U, 4U})
    CHECK(message(file.path(), threads).starts_with(file.path() + ":200001: '{\"url\":1}': "));
  CHECK(message("/dev/zero", 2).find("16 MiB") != std::string::npos);
  const TempFile long_line("red\n" + std::string(17 * 1024 * 1024, 'k') + "\nwhite\n");
  CHECK(message(long_line.path(), 2).find("16 MiB") != std::string::npos);
  Balancer nowhere;
  nowhere.set_policy(by_query());
  CHECK_FALSE(summarize_requests(nowhere, file.path()).ok());
}

TEST_CASE("a stop ends it early with what was counted") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "key-" + std::to_string(i) + '\n';
  const TempFile file(text);
  Balancer balancer;
  balancer.update(endpoints(3), by_query());
  Stop stop;
  stop.request();
  const auto summary = summarize_requests(balancer, file.path(), {.stop = &stop});
  REQUIRE(summary.ok());
  CHECK(summary->stopped);
  CHECK(summary->lines == 0);
}

TEST_CASE("a stop ends the wait for a pipe that says nothing, and for a FIFO that nobody opens") {
  Balancer balancer;
  balancer.update(endpoints(3), by_query());
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(write(ends[1], "red\nwhite\nro", 12) == 12);
  const std::string fifo = "/tmp/junction-fifo-" + std::to_string(getpid());
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  for (const auto& [path, lines] :
       std::map<std::string, std::uint64_t>{{"/dev/fd/" + std::to_string(ends[0]), 2}, {fifo, 0}}) {
    Stop stop;
    std::thread later([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop.request();
    });
    const auto summary = summarize_requests(balancer, path, {.threads = 2, .stop = &stop});
    later.join();
    REQUIRE(summary.ok());
    CHECK(summary->stopped);
    CHECK(summary->lines == lines);
  }
  std::remove(fifo.c_str());
  close(ends[0]);
  close(ends[1]);
}

}  // namespace junction
