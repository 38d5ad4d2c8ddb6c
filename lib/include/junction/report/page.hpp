#pragma once

#include <string>
#include <string_view>

#include "junction/export.hpp"

namespace junction {

/// One page that needs no network: style and data are inside. Light or dark, as the reader's system is.
struct Page {
  std::string title;   ///< plain text
  std::string body;    ///< HTML; classes: card, cards, columns, bar, chip, muted, num, severity names
  std::string data;    ///< JSON, kept in the page as <script type="application/json" id="data">; may be empty
  std::string script;  ///< JavaScript, run at the end; may be empty
};

/// With a Content-Security-Policy that allows this script alone, and no network.
JUNCTION_EXPORT std::string render_page(const Page& page);

/// Text as it may stand in HTML, in attributes too; what is invisible is written out (printable()).
JUNCTION_EXPORT std::string escape_html(std::string_view text);

}  // namespace junction
