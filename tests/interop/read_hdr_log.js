// node read_hdr_log.js LOG VALUES: what hdr-histogram-js makes of the log must be what the values say.
const fs = require("fs");
const hdr = require("hdr-histogram-js");
const [log, values] = process.argv.slice(2).map((file) => fs.readFileSync(file, "utf8"));

const expected = values.trim().split("\n").map((line) => line.split(" ").map(Number));
const ascending = (numbers) => [...numbers].sort((a, b) => a - b);

function check(what, holds, detail) {
  if (!holds) { console.error(`WRONG ${what}: ${detail}`); process.exitCode = 1; }
}

function compare(what, histogram, numbers) {
  const sorted = ascending(numbers);
  check(`${what} count`, histogram.totalCount === sorted.length, `${histogram.totalCount}, not ${sorted.length}`);
  for (const percent of [1, 10, 50, 90, 99, 99.9, 99.99, 100]) {
    const exact = sorted[Math.max(1, Math.ceil(percent / 100 * sorted.length - 1e-9)) - 1];
    const read = histogram.getValueAtPercentile(percent);
    check(`${what} p${percent}`, read >= exact && read <= exact * 1.001 + 1, `${read}, not ${exact}`);
  }
}

const reader = new hdr.HistogramLogReader(log);
const total = hdr.build({ numberOfSignificantValueDigits: 3 });
const tagged = {};
let second = 0;
for (let next; (next = reader.nextIntervalHistogram()) !== null;) {
  if (next.tag && next.tag !== "NO TAG") { tagged[next.tag] = next; continue; }
  const ended = expected.filter(([, done]) => Math.floor(done / 1e9) === second).map(([took]) => took);
  if (ended.length > 0) compare(`second ${second}`, next, ended);
  check(`start of second ${second}`, Math.abs(next.startTimeStampMsec - 1700000000123 - 1000 * second) < 2 ||
        Math.abs(next.startTimeStampMsec - 1000 * second) < 2, `${next.startTimeStampMsec}`);
  total.add(next);
  second += 1;
}
compare("whole run", total, expected.map(([took]) => took));
compare("service", tagged.service, expected.map(([took, , late]) => took - late));
compare("lateness", tagged.lateness, expected.map(([, , late]) => late));
check("seconds", second >= 5, `${second}`);
if (!process.exitCode) console.log(`${total.totalCount} response times in ${second} seconds read back as recorded`);
