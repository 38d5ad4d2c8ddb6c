#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace junction::load {

/// An io_uring with a ring of receive buffers that the kernel picks from. For one thread, the one that made
/// it.
class Uring {
 public:
  Uring();
  ~Uring();
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;

  [[nodiscard]] bool ok() const { return ok_; }

  /// A fresh entry to fill in; submits what is queued when there is no room.
  [[nodiscard]] io_uring_sqe& entry(std::uint64_t user_data);

  /// Arms a receive that stays: it posts a completion for each arrival until one without IORING_CQE_F_MORE.
  void receive(int fd, std::uint64_t user_data);

  /// Submits, waits for that many completions but for `nanoseconds` at most (0: not at all), and calls
  /// use(user_data, result, flags) for each completion. Received bytes are at bytes(), until use() returns.
  template <typename Use>
  void wait(std::int64_t nanoseconds, unsigned completions_wanted, Use use) {
    submit_and_wait(nanoseconds, completions_wanted);
    io_uring_cqe* completion = nullptr;
    unsigned head = 0, count = 0;
    io_uring_for_each_cqe(&ring_, head, completion) {
      ++count;
      use(completion->user_data, completion->res, completion->flags);
      if (completion->flags & IORING_CQE_F_BUFFER) give_back(completion->flags >> IORING_CQE_BUFFER_SHIFT);
    }
    io_uring_cq_advance(&ring_, count);
    hand_over();
  }

  [[nodiscard]] std::string_view bytes(std::int32_t result, std::uint32_t flags) const {
    return {memory_.data() + (flags >> IORING_CQE_BUFFER_SHIFT) * buffer_size,
            static_cast<std::size_t>(result)};
  }

 private:
  // Not a power of two, so that the beginnings of the buffers, which is all that most responses touch, spread
  // over all sets of the processor's caches.
  static constexpr std::size_t buffer_size = 4096 + 192;
  static constexpr unsigned buffers = 128;

  void submit_and_wait(std::int64_t nanoseconds, unsigned completions_wanted);
  bool register_buffers();
  void give_back(unsigned buffer);
  void hand_over();

  io_uring ring_{};
  io_uring_buf_ring* buffer_ring_ = nullptr;
  std::vector<char> memory_;
  int returned_ = 0;
  bool ok_ = false;
};

}  // namespace junction::load
