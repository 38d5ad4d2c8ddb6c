#pragma once

#include <memory>

#include "edge/load/dispatcher.hpp"
#include "edge/load/engine.hpp"
#include "junction/load/plan.hpp"
#include "junction/result.hpp"

namespace junction::load {

/// Makes an engine for the calling thread; null where the kernel does not give it what it needs.
using MakeEngine = std::unique_ptr<Engine> (*)(Dispatcher&);

/// Which engine carries a plan, and its name in the result.
struct EngineKind {
  const char* name;
  MakeEngine make;
  /// For threads that get no engine of the first kind; null: the run cannot start.
  MakeEngine otherwise = nullptr;
};

/// Fails where the engine that was asked for by name cannot carry the plan, or the kernel has none of it.
Result<EngineKind> choose_engine(const Plan& plan);

/// What a run says that some of its threads could not start.
Error no_engine(const EngineKind& kind, int threads);

}  // namespace junction::load
