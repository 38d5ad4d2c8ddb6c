#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "edge/load/requests.hpp"
#include "junction/outcome.hpp"

namespace junction::load {

/// Every query's HTTP/2 header list, made once; nghttp2 reads it in place.
class Http2Requests {
 public:
  explicit Http2Requests(const Plan& plan);
  [[nodiscard]] const std::vector<nghttp2_nv>& headers(std::uint32_t query) const { return lists_[query]; }
  [[nodiscard]] const std::string& body() const { return body_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  std::vector<std::string> targets_;
  std::vector<std::vector<nghttp2_nv>> lists_;
  std::string body_;
};

/// One request's life on a session, for whoever asked.
struct Http2Exchange {
  std::int32_t id = -1;  ///< of the stream; -1: none
  std::uint16_t status = 0;
  bool ended = false;  ///< the server has said that its answer is whole
  std::size_t body_sent = 0;
};

/// The client's half of one HTTP/2 connection; moves no bytes itself.
class Http2Session {
 public:
  /// Told how exchanges end. `error` is none for a response; `refused` says that the server did not look at
  /// it.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void closed(Http2Exchange& exchange, ErrorType error, bool refused) = 0;
    virtual void going_away() = 0;
  };

  Http2Session(const Http2Requests& requests, Listener& listener);

  /// False: the session takes no new stream.
  [[nodiscard]] bool submit(Http2Exchange& exchange, std::uint32_t query);
  /// Nothing more is heard of it.
  void cancel(Http2Exchange& exchange);

  /// False: what came is not HTTP/2, or has heads without an end.
  [[nodiscard]] bool receive(std::string_view bytes);
  /// Appends what is to be sent now, up to about `limit` bytes.
  void collect(std::string& out, std::size_t limit);
  /// What came broke the protocol: the server has been told so (see collect()), and is not listened to again.
  [[nodiscard]] bool broken_off() const { return nghttp2_session_want_read(session_.get()) == 0; }

 private:
  struct Delete {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  static int on_header(nghttp2_session*, const nghttp2_frame*, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t flags, void* self);
  static int on_frame(nghttp2_session*, const nghttp2_frame*, void* self);
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* self);
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source* source, void* self);
  static nghttp2_session* make(Http2Session* self);

  const Http2Requests& requests_;
  Listener& listener_;
  std::unique_ptr<nghttp2_session, Delete> session_;
  std::size_t head_bytes_ = 0;  // of the fields read since the last stream ended
};

}  // namespace junction::load
