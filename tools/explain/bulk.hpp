#pragma once

#include "junction/result.hpp"
#include "tools/explain/options.hpp"
#include "tools/explain/report.hpp"
#include "tools/explain/subject.hpp"
#include "tools/io.hpp"

namespace junctionctl::explain {

/// Whether --summary of requests files is all that was asked, so that nobody needs their lines one by one.
bool is_bulk(const Options& options, const Subject& subject, const Client& client);

/// The report of such a file, in bounded memory, with a progress bar on a terminal once it takes more than a
/// second. SIGINT and SIGTERM end the reading: the report is then of what was read, and `signal` is set.
junction::Result<Report> build_bulk_report(const Options& options, const Subject& subject,
                                           const std::vector<Client>& clients, Io& io, int& signal);

}  // namespace junctionctl::explain
