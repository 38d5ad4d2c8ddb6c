#pragma once

#include "tests/edge/load/virtual_run.hpp"

namespace junction::load {

/// An engine without a network: every request is answered as a test says, at the time that it says.
class VirtualEngine final : public Engine {
 public:
  struct Reply {
    std::int64_t after = ms;
    Ending ending{.status = 200, .warm = true};
  };
  static constexpr std::int64_t never = INT64_MAX;

  struct Start {
    std::uint64_t n;
    std::int64_t at;
    int connection;
    int turn;  ///< how often was waited before
  };
  struct Wait {
    std::int64_t from, until;
    friend bool operator==(const Wait&, const Wait&) = default;
  };
  struct End {
    std::uint64_t n;
    std::int64_t at;
    friend bool operator==(const End&, const End&) = default;
  };

  explicit VirtualEngine(VirtualRun& run, int thread = 0) : run_(run), dispatcher_(run.dispatcher(thread)) {
    dispatcher_.use(*this);
  }

  std::function<Reply(const Job&)> reply = [](const Job&) { return Reply{}; };
  std::int64_t opens_after = ms;            ///< a connection that is opened ahead; never: it fails then
  int slots = 1;                            ///< of a connection
  ErrorType given_up = ErrorType::timeout;  ///< what abandon() says

  std::vector<Start> starts;
  std::vector<Wait> waits;
  std::vector<End> abandoned;
  std::vector<const Lane*> connections;  ///< by the lane that they belong to

  Slot& add_connection(Lane& lane) override {
    ++lane.connections;
    const auto index = static_cast<int>(connections.size());
    connections.push_back(&lane);
    for (int i = 0; i < slots; ++i) {
      slots_.push_back(std::make_unique<VirtualSlot>());
      slots_.back()->lane = &lane;
      slots_.back()->connection = index;
      lane.cold.push_back(*slots_.back());
    }
    return *slots_[slots_.size() - static_cast<std::size_t>(slots)];
  }

  void open(Slot& slot) override {
    ++opening_;
    if (opens_after == never) return;
    run_.agenda.at(run_.clock.time + opens_after, [this, &slot] {
      --opening_;
      dispatcher_.warm(slot);
    });
  }
  [[nodiscard]] int opening() const override { return opening_; }

  void start(Slot& slot) override {
    auto& mine = static_cast<VirtualSlot&>(slot);
    starts.push_back({slot.job.n, run_.clock.time, mine.connection, static_cast<int>(waits.size())});
    const Reply how = reply(slot.job);
    mine.answered = how.after != never;
    if (!mine.answered) return;
    mine.answer = run_.agenda.at(run_.clock.time + how.after, [this, &mine, how] {
      mine.answered = false;
      dispatcher_.finish(mine, how.ending);
    });
  }

  ErrorType abandon(Slot& slot) override {
    auto& mine = static_cast<VirtualSlot&>(slot);
    if (mine.answered) run_.agenda.cancel(mine.answer);
    mine.answered = false;
    abandoned.push_back({slot.job.n, run_.clock.time});
    return given_up;
  }

  void poll(std::int64_t until) override {
    waits.push_back({run_.clock.time, until});
    run_.agenda.wait(until);
  }

  /// When each request started, in the order in which they did.
  [[nodiscard]] std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> all;
    for (const Start& start : starts) all.push_back(start.at);
    return all;
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> all;
    for (const Start& start : starts) all.push_back(start.n);
    return all;
  }

 private:
  struct VirtualSlot : Slot {
    int connection = 0;
    bool answered = false;  // will be
    Agenda::Ticket answer;
  };

  VirtualRun& run_;
  Dispatcher& dispatcher_;
  std::vector<std::unique_ptr<VirtualSlot>> slots_;
  int opening_ = 0;
};

}  // namespace junction::load
