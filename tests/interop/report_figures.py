"""report_figures.py DOM JSON: every figure on the drawn page must be the one that the JSON has."""
import collections
import html.parser
import json
import sys

wrong = []


def check(what, found, expected):
    if found != expected:
        wrong.append(f"{what}: the page has {found!r}, the JSON {expected!r}")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.figures, self.bars, self.cells, self.thresholds = {}, collections.Counter(), [], {}
        self.drawn = False
        self.loads, self.row_heads, self.reading = [], [], None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "html":
            self.drawn = a.get("data-drawn") == "yes"
        if "data-figure" in a:
            self.figures[a["data-figure"]] = a["data-value"]
        if "data-outcome" in a:
            self.bars[(int(a["data-slot"]), a["data-outcome"])] += int(a["data-count"])
        if "data-requests" in a:
            self.cells.append((int(a["data-requests"]), int(a["data-failed"])))
        if "data-threshold" in a:
            self.thresholds[a["data-threshold"]] = "yes" in a["class"].split()
        if tag == "th" and a.get("scope") == "row":
            self.row_heads.append(a["title"])
        self.loads += [a[name] for name in ("src", "href") if name in a]
        if tag in ("b", "img", "link", "iframe"):
            wrong.append(f"the page has an element <{tag}>, which no one put there")


page, run = Page(), json.load(open(sys.argv[2], encoding="utf-8"))
page.feed(open(sys.argv[1], encoding="utf-8").read())
summary = run["summary"]

check("drawn", page.drawn, True)
check("loads", page.loads, [])
for name in ("requests", "errors", "failed"):
    check(name, page.figures.get(name), str(summary[name]))
for code, count in summary["codes"].items():
    check(f"code {code}", page.figures.get(f"code.{code}"), str(count))
for kind, count in summary["errors_by_kind"].items():
    check(f"error {kind}", page.figures.get(f"error.{kind}"), str(count))
for kind in ("response_time", "service_time", "lateness"):
    for name in ("min_ns", "mean_ns", "p50_ns", "p90_ns", "p99_ns", "p99_9_ns", "max_ns"):
        check(f"{kind} {name}", page.figures.get(f"{kind}.{name}"), str(summary[kind].get(name, "")))
for what in ("query", "endpoint"):
    for group in run[f"by_{what}"] or []:
        check(f"{what} {group[what]}", page.figures.get(f"{what}.{group[what]}.requests"), str(group["requests"]))
bars = {(i, name): count for i, slot in enumerate(run["series"]["slots"])
        for name, count in {**slot["codes"], **slot["errors"]}.items()}
check("bars", dict(page.bars), bars)
check("sum of the bars", sum(page.bars.values()), summary["requests"])
matrix = run["matrix"] or {"requests": [], "failed": []}
cells = [(requests, failed) for rows in zip(matrix["requests"], matrix["failed"])
         for requests, failed in zip(*[row + [0] * (len(run["endpoints"]) - len(row)) for row in rows])]
check("heat map", page.cells, cells)
check("thresholds", page.thresholds, {t["threshold"]: t["holds"] for t in run["thresholds"]})
for query in run["plan"]["queries"]:
    if query not in page.row_heads:
        wrong.append(f"the page shows no query {query!r}")

print("\n".join(wrong) or f"{len(page.figures)} figures, {len(bars)} bars and {len(cells)} fields agree with the JSON")
sys.exit(1 if wrong else 0)
