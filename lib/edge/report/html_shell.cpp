#include "junction/report/page.hpp"

#include <fmt/format.h>

#include "edge/report/security_policy.hpp"
#include "junction/printable.hpp"

namespace junction {
namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --ink: #1b2330; --muted: #667085; --line: #e4e7ec;
  --accent: #3b6fd8; --good: #1f9d61; --warn: #b7791f; --bad: #c8323c; --track: #eceff3; }
@media (prefers-color-scheme: dark) { :root { --back: #10141b; --card: #181e28; --ink: #e6eaf1; --muted: #8f9bb0;
  --line: #29313e; --accent: #7aa5ff; --good: #4ccb8f; --warn: #e5b25d; --bad: #ff7a80; --track: #252d3a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 24px 64px; background: var(--back); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1120px; margin: 0 auto; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 12px; }
p { margin: 0 0 8px; }
code, .num, td.code { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace; font-size: 0.92em; }
.num { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.muted { color: var(--muted); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px; margin-top: 16px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin-top: 20px; }
.cards .card { margin: 0; padding: 14px 16px; }
.cards b { display: block; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: minmax(300px, 420px) 1fr; gap: 16px; align-items: stretch; }
@media (max-width: 860px) { .columns { grid-template-columns: 1fr; gap: 0; } }
.scroll { overflow-x: auto; } .tall { max-height: 540px; overflow-y: auto; }
.tall th { position: sticky; top: -20px; padding-top: 8px; background: var(--card); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; color: var(--muted); font-size: 12px; padding: 0 12px 6px 0; white-space: nowrap; }
th.num { font-family: inherit; }
td { padding: 6px 12px 6px 0; border-top: 1px solid var(--line); vertical-align: middle; }
td:last-child, th:last-child { padding-right: 0; } .num + :not(.num) { padding-left: 12px; } .name { white-space: nowrap; }
td.long { overflow-wrap: anywhere; min-width: 140px; }
.bar { position: relative; height: 10px; min-width: 90px; border-radius: 5px; background: var(--track); overflow: hidden; }
.bar i { position: absolute; inset: 0 auto 0 0; border-radius: 5px; background: var(--accent); }
.bar u { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--ink); opacity: 0.65; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 8px; }
.chip { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 12px; font-weight: 600;
  border: 1px solid currentColor; }
.error { color: var(--bad); } .warning { color: var(--warn); } .info { color: var(--accent); } .good { color: var(--good); }
.lint { border-top: 1px solid var(--line); padding: 12px 0; } .lint:first-of-type { border-top: 0; padding-top: 0; }
.lint:last-child { padding-bottom: 0; } .lint code { margin-left: 8px; } .lint p { margin: 6px 0 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--ink); font-family: inherit; }
svg .muted { fill: var(--muted); color: var(--muted); }
.fade { opacity: 0.12; } [data-endpoint] { transition: opacity 0.15s; }
footer { margin-top: 24px; color: var(--muted); font-size: 12px; }
)css";

// "</script>" inside JSON would end the element; "<\/" means the same to JSON.
std::string embeddable(std::string_view json) {
  std::string safe;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '<') {
      safe += "\\u003c";
      continue;
    }
    safe += json[i];
  }
  return safe;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string render_page(const Page& page) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}\n</main>\n",
      report::security_policy(page.script), escape_html(page.title), style, page.body);
  if (!page.data.empty())
    html += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", embeddable(page.data));
  if (!page.script.empty()) html += fmt::format("<script>{}</script>\n", page.script);
  return html + "</body>\n</html>\n";
}

}  // namespace junction
