#include "core/load/http1_response.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using junction::Http1Response;

namespace {

struct Row {
  const char* name;
  std::string bytes;
  int status;  // 0: refused
  bool keep_alive = true;
  bool head = false;
  bool close = false;  // the peer closes after the bytes
  std::string rest{};  // what follows on the connection and must be left alone
};

const std::vector<Row> rows = {
    {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200},
    {"what follows is left alone", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, true, false, false,
     "HTTP/1.1 500 "},
    {"no body bytes", "HTTP/1.1 500 Internal Server Error\r\ncontent-length:0\r\n\r\n", 500},
    {"no reason phrase, no blank", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404},
    {"status beyond the classes", "HTTP/1.1 799 x\r\nContent-Length: 0\r\n\r\n", 799},
    {"bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 200},
    {"connection close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, false},
    {"connection close in a list", "HTTP/1.1 200 OK\r\nConnection: foo , Close\r\nContent-Length: 1\r\n\r\nx",
     200, false},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, false},
    {"HTTP/1.0 keep-alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200},
    {"close-delimited", "HTTP/1.1 200 OK\r\n\r\neverything until the end", 200, false, false, true},
    {"close-delimited, empty", "HTTP/1.1 200 OK\r\n\r\n", 200, false, false, true},
    {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", 200, true, true, false, "HTTP/1.1"},
    {"204", "HTTP/1.1 204 No Content\r\n\r\n", 204, true, false, false, "HTTP"},
    {"304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, true, false, false,
     "HTTP"},
    {"100 then 200", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200},
    {"103 twice, with fields",
     "HTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 7\r\n\r\nHTTP/1.1 103 E\r\n\r\nHTTP/1.1 204 "
     "N\r\n\r\n",
     204},
    {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, true,
     false, false, "HTTP"},
    {"chunked, many, extensions, upper case",
     "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\nA;x=\"y\"\r\n0123456789\r\n1 \r\nx\r\n00\r\n\r\n",
     200},
    {"chunked with trailers",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n",
     200, true, false, false, "H"},
    {"gzip, chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 200},
    {"a coding that is not chunked ends with the connection",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxyz", 200, false, false, true},
    {"chunked beats length",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, false},
    {"the same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1, 1\r\n\r\nx", 200},
    {"a field without a value", "HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n", 200},
    {"obs-fold", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", 200},
    {"obs-fold with a tab, and bare line feeds", "HTTP/1.1 200 OK\nX: a\n\tb\nContent-Length: 0\n\n", 200},
    {"obs-fold twice, with nothing in it", "HTTP/1.1 200 OK\r\nX:\r\n \r\n\t\r\nContent-Length: 0\r\n\r\n",
     200},
    {"a length that is folded", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nok", 200, true, false, false,
     "HTTP"},
    {"a list that is folded", "HTTP/1.1 200 OK\r\nConnection: x,\r\n  close\r\nContent-Length: 0\r\n\r\n",
     200, false},
    {"a fold is a blank, not nothing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chun\r\n ked\r\n\r\nxyz", 200,
     false, false, true},
    {"obs-fold in a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\n\r\n",
     200, true, false, false, " HTTP"},
    {"obs-fold last in an interim head", "HTTP/1.1 103 E\r\nLink: a\r\n b\r\n\r\nHTTP/1.1 204 N\r\n\r\n", 204,
     true, false, false, " x"},

    {"a length in two lines", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 1\r\n\r\n12345678901", 0},
    {"blank before the first field", "HTTP/1.1 200 OK\r\n X: a\r\n\r\n", 0},
    {"blank before the first field, whose line is folded", "HTTP/1.1 200 OK\r\n X: a\r\n b\r\n\r\n", 0},
    {"closed where a fold may follow", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", 0, false, false, true},

    {"blank before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n", 0},
    {"field without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", 0},
    {"field without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", 0},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 0},
    {"two lengths in a list", "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nxx", 0},
    {"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 0},
    {"signed length", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx", 0},
    {"length in hex", "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx", 0},
    {"length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", 0},
    {"empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", 0},
    {"chunked twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 0},
    {"chunk size is no number", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 0},
    {"chunk size is empty", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 0},
    {"chunk size beyond 64 bits",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n", 0},
    {"negative chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 0},
    {"chunk longer than it says", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
     0},
    {"101", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 0},
    {"not HTTP", "SSH-2.0-OpenSSH_9.2p1\r\n", 0},
    {"HTTP/2 in clear", "HTTP/2 200\r\n\r\n", 0},
    {"status of two digits", "HTTP/1.1 20\r\n\r\n", 0},
    {"status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", 0},
    {"status below 100", "HTTP/1.1 099 OK\r\n\r\n", 0},
    {"empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", 0},
    {"closed in the head", "HTTP/1.1 200 OK\r\nContent-Le", 0, false, false, true},
    {"closed in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 0, false, false, true},
    {"closed in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 0, false, false,
     true},
    {"closed before the last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", 0,
     false, false, true},
    {"closed in the trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", 0, false, false,
     true},
    {"closed at once", "", 0, false, false, true},
};

// Feeds the pieces; returns how many bytes were taken.
std::size_t feed_all(Http1Response& response, const Row& row, const std::vector<std::string_view>& pieces) {
  response.start(row.head);
  std::size_t taken = 0;
  for (const std::string_view piece : pieces) {
    const std::size_t used = response.feed(piece);
    taken += used;
    if (used != piece.size()) break;
  }
  if (row.close) response.end_of_stream();
  return taken;
}

void check_result(const Http1Response& response, const Row& row, std::size_t taken) {
  CHECK(response.failed() == (row.status == 0));
  CHECK(response.complete() == (row.status != 0));
  CHECK((response.failure() != nullptr) == response.failed());
  if (row.status == 0) return;
  CHECK(response.status() == row.status);
  CHECK(response.keep_alive() == row.keep_alive);
  CHECK(taken == row.bytes.size());
}

}  // namespace

TEST_CASE("an HTTP/1.1 response is read to its end and no further, whatever pieces it comes in") {
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string stream = row.bytes + row.rest;
    const std::string_view whole = stream;
    Http1Response response;
    check_result(response, row, feed_all(response, row, {whole}));
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
      CAPTURE(cut);
      check_result(response, row, feed_all(response, row, {whole.substr(0, cut), whole.substr(cut)}));
    }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < whole.size(); ++i) bytes.push_back(whole.substr(i, 1));
    check_result(response, row, feed_all(response, row, bytes));
  }
}

TEST_CASE("a head that is known from another response leads to the same as one that is read") {
  Http1Response::Memo memo;
  Http1Response response;
  for (int round = 0; round < 2; ++round) {
    for (const Row& row : rows) {
      CAPTURE(row.name);
      for (int again = 0; again < 2; ++again) {
        response.start(row.head);
        const std::size_t taken = response.feed(row.bytes + row.rest, memo);
        if (row.close) response.end_of_stream();
        check_result(response, row, taken);
      }
    }
  }
}

TEST_CASE("what cannot become HTTP is refused at its first wrong byte, without waiting for a line's end") {
  struct Begin {
    std::string_view bytes;
    bool refused;
  };
  const Begin rows[] = {
      {"HTTP/1.1 200 OK", false},
      {"HTTP/1.1 404\r", false},
      {"HTTP/1.0 999", false},
      {"HTTP/0", true},
      {"HTTP/2", true},
      {"HTTP/1.x", true},
      {"HTTP/1.11", true},
      {"HTTP/1.1 0", true},
      {"HTTP/1.1 2x", true},
      {"HTTP/1.1 20x", true},
      {"HTTP/1.1  ", true},
      {"h", true},
      {" ", true},
      {"<", true},
      {"\x15", true},                     // an alert of TLS
      {std::string_view("\0", 1), true},  // SETTINGS of HTTP/2
  };
  for (const Begin& row : rows) {
    CAPTURE(row.bytes);
    Http1Response whole;
    whole.start(false);
    whole.feed(row.bytes);
    CHECK(whole.failed() == row.refused);
    Http1Response pieces;
    pieces.start(false);
    for (std::size_t i = 0; i < row.bytes.size(); ++i) {
      CHECK_FALSE(pieces.failed());  // up to the last byte of each row, it could be
      pieces.feed(row.bytes.substr(i, 1));
    }
    CHECK(pieces.failed() == row.refused);
  }
}

TEST_CASE("every two split points of a chunked response give the same reading") {
  const Row& row = *std::find_if(rows.begin(), rows.end(), [](const Row& r) {
    return std::string_view(r.name) == "chunked with trailers";
  });
  const std::string_view whole = row.bytes;
  Http1Response response;
  for (std::size_t a = 0; a <= whole.size(); ++a)
    for (std::size_t b = a; b <= whole.size(); ++b)
      check_result(response, row,
                   feed_all(response, row, {whole.substr(0, a), whole.substr(a, b - a), whole.substr(b)}));
}

TEST_CASE("a head without an end is refused, not kept") {
  Http1Response response;
  response.start(false);
  response.feed("HTTP/1.1 200 OK\r\nX: ");
  const std::string flood(10'000, 'x');
  for (int i = 0; i < 10 && !response.failed(); ++i) response.feed(flood);
  CHECK(response.failed());

  response.start(false);
  response.feed("HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 200'000 && !response.failed(); ++i) response.feed("X: yyyyyyyyyyyyyyyyyyyyy\r\n");
  CHECK(response.failed());
}

TEST_CASE("a body of many chunks is not a head that is too long") {
  Http1Response response;
  response.start(false);
  response.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 400'000; ++i) response.feed("1\r\nx\r\n");
  response.feed("0\r\n\r\n");
  CHECK(response.complete());
}

TEST_CASE("started tells a connection that closed before the answer from one that broke in it") {
  Http1Response response;
  response.start(false);
  CHECK_FALSE(response.started());
  response.feed("H");
  CHECK(response.started());
  response.start(false);
  response.feed("HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(response.started());
}
