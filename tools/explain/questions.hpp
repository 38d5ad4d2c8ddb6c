#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "junction/result.hpp"
#include "tools/explain/asked.hpp"
#include "tools/explain/options.hpp"
#include "tools/explain/subject.hpp"

namespace junctionctl::explain {

using UseQuestion = std::function<void(AskedRequest)>;

/// Hands over everything that was asked about: URLs, --query, --hash, then the requests files line by line;
/// with the URL that each bare value stands for filled in, and the command line's headers in front of the
/// line's own. Blank lines and log lines without a request are passed over; a line that makes no sense is an
/// error that names file and line, and the end.
junction::Result<void> read_questions(const Options& options, const Subject& subject, std::istream& in,
                                      const UseQuestion& use);

/// The URL that a bare value stands for: http://NAME.NAMESPACE.svc.cluster.local/?<parameter>=<value,
/// form-encoded>, where <parameter> is the policy's first query parameter ("query" where it has none).
std::string url_of_value(const Subject& subject, const std::string& value);

}  // namespace junctionctl::explain
