#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "junction/balancer.hpp"
#include "junction/derivation.hpp"
#include "junction/lint.hpp"
#include "junction/result.hpp"
#include "tools/explain/asked.hpp"
#include "tools/explain/options.hpp"
#include "tools/explain/subject.hpp"

namespace junctionctl::explain {

/// An endpoint and what falls to it.
struct EndpointRow {
  junction::Endpoint endpoint;
  std::size_t entries = 0;  ///< of the ring, or slots of the table
  double share = 0;         ///< of the hash space
  std::uint64_t keys = 0;   ///< distinct request hashes that go there
  std::uint64_t requests = 0;
};

/// Where another kind of client takes a request.
struct OtherPick {
  junction::Pick pick;
  std::string difference;  ///< from Junction, in words; empty: it goes the same way
};

/// One request and its answer.
struct Answer {
  AskedRequest asked;
  junction::Pick pick;
  junction::Derivation steps;     ///< with --why
  std::vector<OtherPick> others;  ///< with --impl all: as many as Report::others
};

/// With --impl all, a client beside Junction's own.
struct OtherClient {
  std::string implementation;
  std::size_t ring_size = 0;
  std::string refusal;        ///< why it would not take these endpoints; empty: it does
  std::uint64_t differs = 0;  ///< requests it takes elsewhere than Junction
};

/// A request hash that comes often.
struct HeavyKey {
  std::string key;  ///< the first request that had it
  std::uint64_t hash = 0;
  std::uint32_t endpoint = 0;
  std::uint64_t requests = 0;
};

struct Summary {
  std::uint64_t requests = 0;
  std::uint64_t keys = 0;      ///< distinct request hashes
  std::uint64_t random = 0;    ///< requests that no policy yields a value for
  std::uint64_t unknown = 0;   ///< requests of which too little is known
  bool keys_exact = true;      ///< false: estimated from a sample
  std::uint64_t skipped = 0;   ///< lines without a request
  std::uint64_t unplaced = 0;  ///< requests with nowhere to go
  bool stopped = false;        ///< by a signal, before the end of the requests
  double imbalance = 0;        ///< largest share of the hash space / mean share; 0: no ring
  std::vector<HeavyKey> heaviest;
};

/// Everything explain has to say; writers render it and add nothing.
struct Report {
  std::optional<junction::ServiceName> service;
  std::uint16_t port = 0;
  junction::Policy policy;
  std::string policy_source;
  std::string refused;  ///< why the control plane drops the Service
  std::string implementation;
  std::size_t ring_size = 0;
  junction::Placement placement;  ///< the ring itself, for pictures
  std::vector<EndpointRow> endpoints;
  std::vector<OtherClient> others;
  std::vector<junction::ExcludedEndpoint> excluded;
  std::vector<Answer> answers;
  bool totals_only = false;  ///< --summary: no line for each request
  Summary summary;
  std::vector<junction::Lint> lints;  ///< most severe first
};

class Client;

/// Explains everything that was asked about, as the first client sees it and where the others differ; `in` is
/// standard input.
junction::Result<Report> build_report(const Options& options, const Subject& subject,
                                      const std::vector<Client>& clients, std::istream& in);

/// A report before any request was asked about: the subject as the first client places it.
Report report_head(const Options& options, const Subject& subject, const std::vector<Client>& clients);

/// What follows from the requests once all are counted: imbalance, lints.
void finish_report(Report& report, std::vector<junction::Lint> backend, std::vector<junction::Lint> requests);

}  // namespace junctionctl::explain
