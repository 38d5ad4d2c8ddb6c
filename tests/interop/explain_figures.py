"""explain_figures.py DOM JSON: every figure on the page, as the browser has it, must be the one that the JSON has."""
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.by_id, self.tables, self.chips, self.loads = {}, {}, [], []
        self.paths = self.dots = 0
        self.table = self.row = self.into = None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag in ("script", "img", "link", "iframe") and (a.get("src") or a.get("href")):
            self.loads.append(a)
        if tag == "path" and "data-endpoint" in a and a["d"]:
            self.paths += 1
        if tag == "circle" and "data-endpoint" in a:
            self.dots += 1
        if tag == "table":
            self.table = self.tables.setdefault(a.get("id"), [])
        if tag == "tr" and self.table is not None:
            self.row = []
            self.table.append(self.row)
        if tag in ("td", "th") and self.row is not None:
            self.row.append("")
            self.into = self.row
        if tag == "b" and "id" in a:
            self.by_id[a["id"]] = ""
            self.into = a["id"]
        if tag == "span" and a.get("class", "").startswith("chip"):
            self.chips.append("")
            self.into = self.chips

    def handle_endtag(self, tag):
        if tag in ("td", "th", "b", "span"):
            self.into = None if tag != "span" or self.into is self.chips else self.into

    def handle_data(self, data):
        if isinstance(self.into, str):
            self.by_id[self.into] += data
        elif self.into is not None:
            self.into[-1] += data


page, wanted = Page(), json.load(open(sys.argv[2]))
page.feed(open(sys.argv[1], encoding="utf-8").read())
wrong = []


def check(what, found, expected):
    if found != expected:
        wrong.append(f"{what}: the page has {found!r}, the JSON {expected!r}")


summary, endpoints = wanted["summary"], wanted["endpoints"]
for name in ("endpoints", "requests", "keys", "random"):
    check(name, page.by_id.get(name), str(summary[name]))
check("ring size", page.by_id.get("ring-size"), str(wanted["ring"]["size"]))
check("imbalance", page.by_id.get("imbalance"), f"{summary['imbalance']:.2f}")
check("rows", len(page.tables["endpoint-table"]) - 1, len(endpoints))
for row, endpoint in zip(page.tables["endpoint-table"][1:], endpoints):
    check("endpoint", row[0], endpoint["address"] + (endpoint["pod"] or ""))
    check("figures of " + endpoint["address"], row[2:], [f"{100 * endpoint['share']:.1f}%", str(endpoint["entries"]),
                                                        str(endpoint["keys"]), str(endpoint["requests"])])
heaviest = [[h["key"], str(h["requests"]), h["endpoint"]] for h in summary["heaviest"]]
check("heaviest keys", [[r[0], r[2], r[4]] for r in page.tables["heaviest-table"][1:]], heaviest)
answers = [[r.get("value", r["url"]), r["hash"], r["endpoint"], r["pod"]] for r in wanted["requests"]]
check("requests", page.tables["request-table"][1:], answers)
check("lints", page.chips, [lint["severity"] for lint in wanted["lints"]])
check("arcs", page.paths, len(endpoints))
check("dots", page.dots, len(answers))
check("what the page loads", page.loads, [])
if wrong:
    sys.exit("\n".join(wrong))
print(f"{len(endpoints)} endpoints, {len(answers)} requests, {len(heaviest)} heavy keys, {len(page.chips)} lints as in the JSON")
