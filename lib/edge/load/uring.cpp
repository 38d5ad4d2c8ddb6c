#include "edge/load/uring.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace junction::load {
namespace {

constexpr unsigned queue_size = 1024;
constexpr unsigned completions = 16 * 1024;  // an arrival posts one without being asked
constexpr int buffer_group = 0;

}  // namespace

Uring::Uring() {
  io_uring_params params{};
  params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
  params.cq_entries = completions;
  if (io_uring_queue_init_params(queue_size, &ring_, &params) != 0) return;
  ok_ = (params.features & IORING_FEAT_CQE_SKIP) && (params.features & IORING_FEAT_EXT_ARG) &&
        register_buffers();
  if (!ok_) {
    io_uring_queue_exit(&ring_);
    return;
  }
  io_uring_register_ring_fd(
      &ring_);  // saves looking the ring up at each call; where it fails, it works as it did
}

Uring::~Uring() {
  if (ok_) io_uring_queue_exit(&ring_);
  std::free(buffer_ring_);
}

bool Uring::register_buffers() {
  constexpr std::size_t page = 4096;
  constexpr std::size_t size = (buffers * sizeof(io_uring_buf) + page - 1) / page * page;
  buffer_ring_ = static_cast<io_uring_buf_ring*>(std::aligned_alloc(page, size));
  if (!buffer_ring_) return false;
  std::memset(static_cast<void*>(buffer_ring_), 0, size);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(buffer_ring_);
  registration.ring_entries = buffers;
  registration.bgid = buffer_group;
  if (io_uring_register_buf_ring(&ring_, &registration, 0) != 0) return false;
  io_uring_buf_ring_init(buffer_ring_);
  memory_.resize(buffers * buffer_size);
  for (unsigned i = 0; i < buffers; ++i) give_back(i);
  hand_over();
  return true;
}

void Uring::give_back(unsigned buffer) {
  io_uring_buf_ring_add(buffer_ring_, memory_.data() + buffer * buffer_size, buffer_size,
                        static_cast<unsigned short>(buffer), io_uring_buf_ring_mask(buffers), returned_++);
}

void Uring::hand_over() {
  if (returned_ > 0) io_uring_buf_ring_advance(buffer_ring_, returned_);
  returned_ = 0;
}

io_uring_sqe& Uring::entry(std::uint64_t user_data) {
  io_uring_sqe* sqe = io_uring_get_sqe(&ring_);
  while (!sqe) {
    io_uring_submit(&ring_);
    sqe = io_uring_get_sqe(&ring_);
  }
  // The fields that liburing's prep functions leave alone come after this call.
  std::memset(static_cast<void*>(sqe), 0, sizeof *sqe);
  sqe->user_data = user_data;
  return *sqe;
}

void Uring::receive(int fd, std::uint64_t user_data) {
  io_uring_sqe& sqe = entry(user_data);
  io_uring_prep_recv_multishot(&sqe, fd, nullptr, 0, 0);
  sqe.flags |= IOSQE_BUFFER_SELECT;
  sqe.buf_group = buffer_group;
  sqe.user_data = user_data;
}

void Uring::submit_and_wait(std::int64_t nanoseconds, unsigned completions_wanted) {
  if (nanoseconds <= 0) {
    io_uring_submit_and_get_events(&ring_);
    return;
  }
  constexpr std::int64_t second = 1'000'000'000;
  nanoseconds = std::min(nanoseconds, 3600 * second);
  __kernel_timespec timeout{nanoseconds / second, nanoseconds % second};
  io_uring_cqe* first = nullptr;
  io_uring_submit_and_wait_timeout(&ring_, &first, completions_wanted, &timeout, nullptr);
}

}  // namespace junction::load
