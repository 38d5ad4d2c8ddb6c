"use strict";
const run = JSON.parse(document.getElementById("run").textContent);

// ---- Building blocks ----

function make(document_create, name, attributes, children) {
  const node = document_create(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...children.flat().filter((child) => child !== null));
  return node;
}
const el = (name, attributes = {}, ...children) => make((n) => document.createElement(n), name, attributes, children);
const svg = (name, attributes = {}, ...children) =>
  make((n) => document.createElementNS("http://www.w3.org/2000/svg", n), name, attributes, children);

const number = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
const client = run.plan.service ?? (run.endpoints.length > 0 ? "the endpoints given" : null);
const percent = (share) => (share * 100).toFixed(2) + "%";
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function duration(ns) {
  if (ns === undefined || ns === null) return "–";
  if (ns < 1e3) return ns + " ns";
  if (ns >= 59.95e9) {
    const s = Math.round(ns / 1e9);
    return s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
  }
  const units = ["ns", "us", "ms", "s"];
  let unit = 0;
  while (unit < 3 && ns >= 999.5) { ns /= 1e3; ++unit; }
  return `${ns.toFixed(ns < 9.995 ? 2 : ns < 99.95 ? 1 : 0)} ${units[unit]}`;
}

// A figure that stands in the JSON too: a test compares the two.
const figure = (name, value, text) => el("span", { "data-figure": name, "data-value": value ?? "" }, text);

const section = (title, ...content) => el("section", {}, el("h2", {}, title), ...content);
const chart = (legend, drawing) => el("div", { class: "chart" }, legend, drawing);
const legend = (items) =>
  el("ul", { class: "legend" }, items.map(([name, colour]) => el("li", {}, el("i", { style: `background:${colour}` }), name)));

function table(head, rows, cls = null) {
  return el("div", { class: "scroll", tabindex: "0" }, el("table", { class: cls },
    head ? el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col" }, name)))) : null,
    el("tbody", {}, rows)));
}
const row = (name, cells) => el("tr", {}, el("th", { scope: "row", title: name }, name), cells.map((cell) =>
  cell instanceof Node && cell.nodeName === "TD" ? cell : el("td", {}, cell)));

// ---- Colours: a hue for each class of codes, a shade for each code in it ----

const shades = {};
for (const code of Object.keys(run.summary.codes)) (shades[code[0]] ??= []).push(code);
const errorKinds = Object.keys(run.summary.errors_by_kind);
function colour(outcome) {
  const kind = /^\d/.test(outcome);
  const family = kind ? shades[outcome[0]] ?? [outcome] : errorKinds;
  const hue = kind ? `var(--c${"12345".includes(outcome[0]) ? outcome[0] : 1})` : "var(--error)";
  const place = Math.max(0, family.indexOf(outcome));
  return place === 0 ? hue : `color-mix(in srgb, ${hue} ${Math.max(35, 100 - 22 * place)}%, var(--ink))`;
}
const outcomes = [...Object.keys(run.summary.codes), ...errorKinds];
const countOf = (slot, outcome) => slot.codes[outcome] ?? slot.errors[outcome] ?? 0;

// ---- Axes ----

const frame = { width: 980, height: 280, left: 70, right: 26, top: 10, bottom: 34 };
const plot = { width: frame.width - frame.left - frame.right, height: frame.height - frame.top - frame.bottom };
const atX = (share) => frame.left + share * plot.width;
const atY = (share) => frame.top + (1 - share) * plot.height;

function niceStep(most, wanted) {
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((step) => step * power >= rough);
}
function gridY(share, text) {
  return [svg("line", { class: "grid", x1: frame.left, x2: frame.width - frame.right, y1: atY(share), y2: atY(share) }),
          svg("text", { x: frame.left - 8, y: atY(share) + 4, "text-anchor": "end" }, text)];
}
const tickX = (share, text) => svg("text", { x: atX(share), y: frame.height - 12, "text-anchor": "middle" }, text);
const canvas = (label, ...content) =>
  svg("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, role: "img", "aria-label": label }, ...content);

// A logarithmic axis of durations, from the decade below `low` to the decade above `high`.
function logAxis(low, high) {
  const from = Math.floor(Math.log10(Math.max(1, low))), to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(1, high))));
  const share = (ns) => Math.min(1, Math.max(0, (Math.log10(Math.max(1, ns)) - from) / (to - from)));
  const lines = [];
  for (let decade = from; decade <= to; ++decade) lines.push(...gridY(share(10 ** decade), tenTo(decade)));
  return { share, lines };
}
const tenTo = (decade) => `${10 ** (decade % 3)} ${["ns", "us", "ms", "s", "ks", "Ms"][Math.floor(decade / 3)] ?? ""}`;

// ---- Over time ----

const slots = run.series.slots;
const slotSeconds = run.series.width_ns / 1e9;
function timeTicks() {
  const length = slots.length * slotSeconds;
  const ticks = [], step = Math.max(slotSeconds, niceStep(length, 10));
  for (let at = 0; at <= length * 1.0001; at += step) ticks.push(tickX(at / length, number(at) + " s"));
  return ticks;
}
function slotText(slot, i) {
  const counts = outcomes.filter((name) => countOf(slot, name) > 0).map((name) => `${name}: ${number(countOf(slot, name))}`);
  const time = slot.response_time.count > 0 ?
    `\np50 ${duration(slot.response_time.p50_ns)}, p99 ${duration(slot.response_time.p99_ns)}, max ${duration(slot.response_time.max_ns)}` : "";
  return `${number(i * slotSeconds)} s\n${counts.join("\n") || "nothing ended"}${time}\nlate starts: up to ${duration(slot.lateness_max_ns)}`;
}
const columns = () => slots.map((slot, i) => svg("rect", {
  class: "column", x: atX(i / slots.length), y: frame.top, width: plot.width / slots.length, height: plot.height,
}, svg("title", {}, slotText(slot, i))));

function codesOverTime() {
  const perSecond = (slot) => sum(outcomes.map((name) => countOf(slot, name))) / slotSeconds;
  const most = Math.max(1e-9, ...slots.map(perSecond));
  const step = niceStep(most, 5), top = Math.ceil(most / step) * step;
  const lines = [];
  for (let at = 0; at <= top * 1.0001; at += step) lines.push(...gridY(at / top, number(at) + "/s"));
  const gap = slots.length <= 60 ? 1.5 : 0;
  const bars = slots.flatMap((slot, i) => {
    let below = 0;
    return outcomes.filter((name) => countOf(slot, name) > 0).map((name) => {
      const height = countOf(slot, name) / slotSeconds / top;
      const width = plot.width / slots.length;
      below += height;
      return svg("rect", {
        x: atX(i / slots.length) + gap / 2, y: atY(below), width: width - gap,
        height: Math.max(.5, height * plot.height), fill: colour(name), "data-slot": i, "data-outcome": name,
        "data-count": countOf(slot, name),
      });
    });
  });
  const label = `Requests that ended in each ${number(slotSeconds)} s, by status code: ` +
    outcomes.map((name) => `${name} ${number(run.summary.codes[name] ?? run.summary.errors_by_kind[name])}`).join(", ");
  return chart(legend(outcomes.map((name) => [name, colour(name)])), canvas(label, lines, timeTicks(), svg("g", { class: "bars" }, bars), columns()));
}

function latencyOverTime() {
  const answered = slots.filter((slot) => slot.response_time.count > 0).map((slot) => slot.response_time);
  if (answered.length === 0) return el("p", { class: "muted" }, "No response arrived.");
  const axis = logAxis(Math.min(...answered.map((time) => time.p50_ns)), Math.max(...answered.map((time) => time.max_ns)));
  const measures = [["p50", "p50_ns", "--p50"], ["p99", "p99_ns", "--p99"], ["max", "max_ns", "--max"]];
  // The maximum is a broad band behind the others: where few requests ended, the 99th percentile is the same.
  const curves = [...measures].reverse().map(([, field, hue]) => {
    const broad = field === "max_ns";
    let path = "", pen = "M";
    const dots = [];
    slots.forEach((slot, i) => {
      if (slot.response_time.count === 0) { pen = "M"; return; }
      const x = atX((i + .5) / slots.length).toFixed(1), y = atY(axis.share(slot.response_time[field])).toFixed(1);
      path += `${pen}${x},${y}`;
      pen = "L";
      if (slots.length <= 60) dots.push(svg("circle", { class: "dot", cx: x, cy: y, r: broad ? 4 : 2.5, fill: `var(${hue})` }));
    });
    return [svg("path", { class: broad ? "curve broad" : "curve", d: path, stroke: `var(${hue})` }), dots];
  }).flat(2);
  return chart(legend(measures.map(([name, , hue]) => [name, `var(${hue})`])),
    canvas("Response time over time: median, 99th percentile and maximum", axis.lines, timeTicks(), curves, columns()));
}

// ---- Distribution ----

function valueAt(histogram, share) {
  const total = sum(histogram.counts);
  const rank = Math.max(1, Math.ceil(share * total - 1e-9 * total));
  let seen = 0;
  for (let i = 0; i < histogram.counts.length; ++i) {
    seen += histogram.counts[i];
    if (seen >= rank) return Math.min(histogram.max_ns, Math.max(histogram.min_ns, histogram.values_ns[i]));
  }
  return histogram.max_ns;
}

function distribution() {
  const kinds = [["response time (from when it was due)", run.histograms.response, "--p99"],
                 ["service time (from when it was sent)", run.histograms.service, "--p50"]];
  const total = sum(run.histograms.response.counts);
  if (total === 0) return el("p", { class: "muted" }, "No response arrived.");
  const nines = Math.max(2, Math.min(7, Math.log10(total)));
  const lowest = Math.min(...kinds.map(([, histogram]) => valueAt(histogram, .01)));
  const axis = logAxis(lowest, run.histograms.response.max_ns);
  const curves = kinds.map(([, histogram, hue]) => {
    const points = [];
    for (let i = 0; i <= 400; ++i) {
      const x = i / 400, share = i < 400 ? 1 - 10 ** (-x * nines) : 1;  // it ends at the maximum
      points.push(`${atX(x).toFixed(1)},${atY(axis.share(valueAt(histogram, share))).toFixed(1)}`);
    }
    return svg("path", { class: "curve", d: "M" + points.join("L"), stroke: `var(${hue})` });
  });
  const ticks = [[0, "min"], [Math.log10(2), "50%"], [1, "90%"]];
  for (let n = 2; n <= nines + 1e-9; ++n) ticks.push([n, `${(100 - 10 ** (2 - n)).toFixed(Math.max(0, n - 2))}%`]);
  const label = `Percentiles of the response time: half within ${duration(run.summary.response_time.p50_ns)}, 99% within ` +
    `${duration(run.summary.response_time.p99_ns)}, all within ${duration(run.summary.response_time.max_ns)}`;
  return chart(legend(kinds.map(([name, , hue]) => [name, `var(${hue})`])),
    canvas(label, axis.lines, ticks.map(([n, text]) => tickX(n / nines, text)),
           ticks.map(([n]) => svg("line", { class: "grid", x1: atX(n / nines), x2: atX(n / nines), y1: frame.top, y2: atY(0) })), curves));
}

const percentileFields = ["p50", "p90", "p99", "p99_9", "max"];
const percentileHeads = ["p50", "p90", "p99", "p99.9", "max"];
function percentileTable() {
  const kinds = [["response time", "response_time"], ["service time", "service_time"], ["late start", "lateness"]];
  return table(["", "min", "mean", ...percentileHeads], kinds.map(([name, field]) =>
    row(name, ["min", "mean", ...percentileFields].map((p) =>
      figure(`${field}.${p}_ns`, run.summary[field][p + "_ns"], duration(run.summary[field][p + "_ns"]))))));
}

// ---- Breakdowns ----

// A column for each code while they are few, else for each class of codes; one for all errors.
function outcomeColumns() {
  const codes = Object.keys(run.summary.codes);
  const columns = codes.length <= 4 ? codes.map((code) => [code, (group) => group.codes[code] ?? 0]) :
    Object.keys(shades).map((digit) => [`${digit}xx`, (group) => sum(shades[digit].map((code) => group.codes[code] ?? 0))]);
  if (errorKinds.length > 0) columns.push(["errors", (group) => sum(Object.values(group.errors))]);
  return columns;
}

function breakdown(groups, what, most = 500) {
  const columns = outcomeColumns();
  const rows = groups.slice(0, most).map((group) => row(String(group[what]), [
    figure(`${what}.${group[what]}.requests`, group.requests, number(group.requests)),
    ...columns.map(([, count]) => number(count(group))),
    ...percentileFields.map((p) => duration(group.response_time[p + "_ns"]))]));
  return [table([what, "requests", ...columns.map(([name]) => name), ...percentileHeads], rows),
          groups.length > most ? el("p", { class: "muted" }, `The first ${most} of ${number(groups.length)}; the JSON has all.`) : null];
}

function heatMap() {
  if (!run.matrix || run.endpoints.length === 0) {
    return el("p", { class: "muted" }, "Requests went through a front, which alone knows the endpoints. With --lb, generate " +
      "chooses the endpoint itself and shows here which one answered which query.");
  }
  const most = Math.max(1, ...run.matrix.requests.flat());
  const rows = run.matrix.requests.map((requests, q) => {
    const name = q === run.matrix.rows ? "all others" : run.plan.queries[q] ?? `#${q}`;
    return row(name, run.endpoints.map((endpoint, e) => {
      const count = requests[e] ?? 0, failed = (run.matrix.failed[q] ?? [])[e] ?? 0;
      const strength = count === 0 ? 0 : .12 + .5 * Math.sqrt(count / most);
      return el("td", {
        style: `background:rgba(var(--accent-rgb),${strength.toFixed(3)})`, "data-requests": count, "data-failed": failed,
        title: `${name} → ${endpoint}: ${number(count)} requests, ${number(failed)} failed`,
      }, count === 0 ? "" : number(count),
         failed > 0 ? el("i", { class: "failures", style: `background:linear-gradient(to right, var(--c5) max(3px, ${100 * failed / count}%), rgba(255, 255, 255, .5) 0)` }) : null);
    }));
  });
  return [el("p", { class: "muted" }, "How many requests of each query each endpoint answered; a red bar is the share that failed. Under " +
            "ring hashing every row has one column."),
          table(["query", ...run.endpoints], rows, "heat")];
}

// ---- The page ----

function thresholds() {
  if (run.thresholds.length === 0) return null;
  return section("Thresholds", table(["threshold", "holds", "measured"], run.thresholds.map((result) =>
    row(result.threshold, [el("span", { class: `badge ${result.holds ? "yes" : "no"}`, "data-threshold": result.threshold }, result.holds ? "✓ yes" : "✗ no"),
      result.actual]))));
}

function tiles() {
  const s = run.summary;
  const tile = (name, content, bad = false) => el("div", { class: bad ? "bad" : null }, el("dt", {}, name), el("dd", {}, content));
  return el("dl", { class: "tiles" },
    tile("requests", figure("requests", s.requests, number(s.requests))),
    tile("failed (≥ 400, errors)", figure("failed", s.failed, s.requests ? percent(s.failed / s.requests) : "–"), s.failed > 0),
    tile("errors (no response)", figure("errors", s.errors, number(s.errors)), s.errors > 0),
    tile("requests a second", figure("rate_sent", s.rate_sent, number(s.rate_sent))),
    tile("of the asked rate", figure("rate_ratio", s.rate_ratio, s.rate_ratio === null ? "closed loop" : percent(s.rate_ratio)),
         s.rate_ratio !== null && s.rate_ratio < .99),
    tile("p50", duration(s.response_time.p50_ns)), tile("p99", duration(s.response_time.p99_ns)),
    tile("max", duration(s.response_time.max_ns)));
}

function facts() {
  const p = run.plan;
  const shown = [
    ["URL", `${p.method} ${p.url}`], ["queries", number(p.queries.length)], ["load balancing", client ? `as a Junction client of ${client}` : "by the server"],
    ["policy", p.policy ? JSON.stringify(p.policy) : "none"], ["proxy", p.proxy ?? "none"], ["schedule", p.rate ? `${p.schedule}, ${number(p.rate)} requests/s` : p.schedule],
    ["duration", p.duration_ns ? duration(p.duration_ns) : "until interrupted"], ["took", duration(run.elapsed_ns)],
    ["connections, threads", `${p.connections}, ${p.threads}`], ["timeout", duration(p.timeout_ns)],
    ["timer slack", duration(p.timer_slack_ns)], ["engine", run.engine], ["sent twice (idle connection was closed)", number(run.summary.retried)],
    ["CPU time", run.cpu_ns && run.summary.requests ? `${duration(run.cpu_ns)}, ${duration(Math.round(run.cpu_ns / run.summary.requests))} a request` : "–"],
    ["shards", p.shards > 1 ? `${p.shard.join(", ")} of ${p.shards}` : "not split"]];
  return table(null, shown.map(([name, value]) => row(name, [el("td", { class: "text", style: "white-space:normal;overflow-wrap:anywhere" }, value)])));
}

document.title = `${run.plan.url}: ${number(run.summary.requests)} requests`;
document.getElementById("head").append(
  el("h1", {}, run.plan.url),
  el("p", { class: "muted" }, `${run.started.replace("T", " ").replace(/\.\d+Z/, " UTC")} · ${duration(run.elapsed_ns)} · ` +
     `${client ? `as a Junction client of ${client}` : "through the server at this address"}` +
     (run.interrupted ? ` · interrupted (${run.interrupted})` : "")),
  tiles());
document.getElementById("main").append(...[
  thresholds(),
  section("Codes over time", codesOverTime()),
  section("Response time over time", latencyOverTime()),
  section("Distribution of response times", distribution(), percentileTable()),
  section("By code", table(["code", "requests", "share", ...percentileHeads], [
    ...run.by_code.map((group) => row(String(group.code), [
      figure(`code.${group.code}`, group.requests, number(group.requests)), percent(group.requests / run.summary.requests),
      ...percentileFields.map((p) => duration(group.response_time[p + "_ns"]))])),
    ...Object.entries(run.summary.errors_by_kind).map(([name, count]) => row(name.replaceAll("_", " "), [
      figure(`error.${name}`, count, number(count)), percent(count / run.summary.requests), ...percentileFields.map(() => "–")]))])),
  section("Which query went to which endpoint", heatMap()),
  run.by_query ? section("By query", ...breakdown(run.by_query, "query").filter(Boolean)) : null,
  run.by_endpoint && run.by_endpoint.length ? section("By endpoint", ...breakdown(run.by_endpoint, "endpoint").filter(Boolean)) : null,
  section("The run", facts()),
].filter(Boolean).flat());
document.getElementById("foot").append(`junctionctl ${run.version} · schema ${run.schema} · everything on this page is in this file`);
document.documentElement.setAttribute("data-drawn", "yes");
