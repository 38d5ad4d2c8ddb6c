"""Holds what HdrHistogram's log processor printed against the values that were logged.

usage: hdr_log_figures.py FOLDER VALUES

FOLDER has the processor's output: untagged, service and lateness, a line a second, and beside each its percentile
distribution (.hgrm). VALUES has a line a request: response time, end and lateness in nanoseconds.
"""

import bisect
import csv
import math
import sys
from pathlib import Path

SECOND = 1_000_000_000


def rows(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]


def check(what, holds, read, expected):
    if not holds:
        sys.exit(f"WRONG {what}: {read}, not {expected}")


def check_value(what, read, numbers, share):
    """A value of three digits at or above the one that the share of the numbers does not exceed."""
    exact = numbers[max(1, math.ceil(share * len(numbers) - 1e-6)) - 1]
    check(what, exact <= read <= exact * 1.001 + 1, read, exact)


def check_distribution(what, path, numbers):
    """Each row of the distribution: so many numbers lie at or below its value, to the last one."""
    numbers = sorted(numbers)
    read = rows(path)
    for row in read:
        below = bisect.bisect_right(numbers, row["Value"])
        check(f"{what} count at {row['Percentile']}", row["TotalCount"] == below, row["TotalCount"], below)
        check_value(f"{what} at {row['Percentile']}", row["Value"], numbers, row["Percentile"])
    check(f"{what} count", read[-1]["TotalCount"] == len(numbers), read[-1]["TotalCount"], len(numbers))
    check(f"{what} rows", len(read) > 10, len(read), "more than 10")


def check_seconds(path, values):
    check("start", "#[StartTime: 1700000000.123 " in path.read_text(), path.read_text()[:200], "1700000000.123")
    read = rows(path)
    for second, row in enumerate(read):
        ended = sorted(took for took, done, _ in values if done // SECOND == second)
        end = min(second + 1, max(done for _, done, _ in values) / SECOND)
        check(f"end of second {second}", abs(row["Timestamp"] - end) < 0.001, row["Timestamp"], end)
        check(f"count of second {second}", row["Int_Count"] == len(ended), row["Int_Count"], len(ended))
        for name, share in [("Int_50%", 0.5), ("Int_90%", 0.9), ("Int_Max", 1)] if ended else []:
            check_value(f"{name} of second {second}", row[name], ended, share)
    check("seconds", len(read) >= 5, len(read), "5 or more")
    return len(read)


def main():
    folder = Path(sys.argv[1])
    values = [tuple(map(int, line.split())) for line in open(sys.argv[2])]
    seconds = check_seconds(folder / "untagged", values)
    check_distribution("whole run", folder / "untagged.hgrm", [took for took, _, _ in values])
    check_distribution("service", folder / "service.hgrm", [took - late for took, _, late in values])
    check_distribution("lateness", folder / "lateness.hgrm", [late for _, _, late in values])
    print(f"{len(values)} response times in {seconds} seconds read back as recorded")


main()
