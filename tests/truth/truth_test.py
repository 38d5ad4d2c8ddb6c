#!/usr/bin/env python3
"""What generate reports is held against what the server saw: python3 truth_test.py JUNCTIONCTL [unittest arguments]"""
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from hostile_server import EXPECTED, HostileServer

JUNCTIONCTL = os.path.abspath(sys.argv.pop(1))


def start(server, *arguments):
    command = [JUNCTIONCTL, "generate", "--url", f"http://127.0.0.1:{server.port}/?q=", "-o", "json", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, timeout=40):
    out, err = process.communicate(timeout=timeout)
    return process.returncode, json.loads(out) if out else None, err


def outcomes(group):
    return {**group["codes"], **group.get("errors_by_kind", group.get("errors", {}))}


class Truth(unittest.TestCase):
    def setUp(self):
        self.server = HostileServer()
        self.addCleanup(lambda: self.server.close())

    def assert_adds_up(self, run):
        summary = run["summary"]
        self.assertEqual(summary["requests"], sum(outcomes(summary).values()))
        self.assertEqual(summary["requests"], summary["responses"] + summary["errors"])
        self.assertEqual(summary["requests"], sum(slot["sent"] for slot in run["series"]["slots"]))
        self.assertEqual(summary["requests"], sum(sum(outcomes(slot).values()) for slot in run["series"]["slots"]))
        self.assertEqual(summary["requests"], sum(group["requests"] for group in run["by_query"]))
        for group in run["by_query"]:
            self.assertEqual(group["requests"], sum(outcomes(group).values()), group["query"])
        self.assertEqual(summary["requests"], sum(run["histograms"]["lateness"]["counts"]))
        self.assertEqual(summary["responses"], sum(run["histograms"]["service"]["counts"]))

    def test_every_misbehaviour_is_counted_as_what_it_is(self):
        rounds = 10
        code, run, err = finish(start(self.server, "--vals", ",".join(EXPECTED), "--rate", str(10 * len(EXPECTED)),
                                      "--duration", str(rounds / 10), "--timeout", "3"))
        self.assertEqual(code, 0, err)
        self.assert_adds_up(run)
        found = {group["query"]: outcomes(group) for group in run["by_query"]}
        self.assertEqual(found, {name: {what: rounds} for name, (_, what) in EXPECTED.items()})
        self.assertEqual(run["scheduled"], rounds * len(EXPECTED))
        self.assertEqual(sum(self.server.seen.values()), run["summary"]["requests"] + run["summary"]["retried"])

    def test_the_same_in_a_closed_loop_and_on_several_threads(self):
        values = [name for name in EXPECTED if name != "stall"]
        code, run, err = finish(start(self.server, "--vals", ",".join(values), "--max", "--duration", "1", "--threads",
                                      "2", "--connections", "8"))
        self.assertEqual(code, 0, err)
        self.assert_adds_up(run)
        for group in run["by_query"]:
            self.assertEqual(list(outcomes(group)), [EXPECTED[group["query"]][1]], group["query"])
            self.assertLessEqual(group["requests"], self.server.seen[group["query"]], group["query"])
        self.assertEqual(run["summary"]["requests"] + run["summary"]["retried"], sum(self.server.seen.values()))

    def test_an_interrupt_stops_sending_waits_for_the_rest_and_reports(self):
        for signum, code_expected in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signum=signum):
                self.server.seen.clear()
                process = start(self.server, "--vals", "ok,stall,trickle", "--rate", "300", "--timeout", "3")
                time.sleep(1.5)
                process.send_signal(signum)
                asked = time.monotonic()
                code, run, err = finish(process)
                self.assertLess(time.monotonic() - asked, 7)
                self.assertEqual(code, code_expected, err)
                self.assertEqual(run["interrupted"], signal.Signals(signum).name)
                self.assert_adds_up(run)
                self.assertEqual(run["summary"]["requests"] + run["summary"]["retried"], sum(self.server.seen.values()))
                self.assertGreater(run["summary"]["codes"]["200"], 0)

    def test_a_second_interrupt_leaves_at_once(self):
        process = start(self.server, "--vals", "stall", "--rate", "20", "--timeout", "30")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(process.poll(), "it should wait for the answers under way")
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        process.communicate(timeout=10)
        self.assertLess(time.monotonic() - asked, 2)
        self.assertIn(process.returncode, (130, -signal.SIGINT))

    def test_a_server_that_goes_away_leaves_errors_and_a_sum(self):
        process = start(self.server, "--vals", "ok", "--rate", "200", "--duration", "2", "--timeout", "1")
        time.sleep(1.2)
        self.server.close()
        code, run, err = finish(process)
        self.assertEqual(code, 0, err)
        self.assert_adds_up(run)
        self.assertEqual(run["summary"]["requests"], 400)
        self.assertGreater(run["summary"]["errors_by_kind"].get("connect", 0), 50)
        self.assertGreaterEqual(self.server.seen["ok"], run["summary"]["codes"]["200"])
        self.server = HostileServer()

    def test_shards_send_each_request_once_and_merge_to_the_whole(self):
        values = [f"v{n}" for n in range(400)]
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/values", "w", encoding="utf-8") as file:
                file.write("\n".join(values) + "\n")
            files = []
            shards = [start(self.server, "--vals-file", f"{folder}/values", "--rate", "400", "--duration", "1", "--shard",
                            f"{i}/3") for i in (1, 2, 3)]
            for i, shard in enumerate(shards):
                code, run, err = finish(shard)
                self.assertEqual(code, 0, err)
                files.append(f"{folder}/{i}.json")
                with open(files[-1], "w", encoding="utf-8") as file:
                    json.dump(run, file)
            merged = json.loads(subprocess.check_output([JUNCTIONCTL, "merge", *files, "-o", "json"]))
        self.assert_adds_up(merged)
        self.assertEqual({group["query"]: outcomes(group) for group in merged["by_query"]}, {v: {"200": 1} for v in values})
        self.assertEqual(dict(self.server.seen), {v: 1 for v in values})
        self.assertEqual(merged["summary"]["retried"], 0)
        self.assertAlmostEqual(merged["plan"]["rate"], 400)
        self.assertEqual(merged["plan"]["shard"], [1, 2, 3])

    def test_a_rate_that_cannot_be_held_is_said_aloud(self):
        self.server.hold = lambda: 0.02
        code, run, err = finish(start(self.server, "--vals", "ok", "--rate", "200", "--connections", "1", "--duration", "1",
                                      "--threshold", "rate>=0.99", "--timeout", "20"))
        self.assertEqual(code, 3)
        self.assertIn("of the 200 requests/s asked for", err)
        self.assertIn("threshold rate>=0.99 does not hold", err)
        self.assertLess(run["summary"]["rate_ratio"], 0.5)
        self.assert_adds_up(run)

    def test_percentiles_under_a_stalling_server_are_those_of_schedule_and_server_log(self):
        rate, seconds = 500, 6
        period, stalled = 2.0, 0.4

        def hold():
            phase = time.time() % period
            return period - phase if phase > period - stalled else 0

        self.server.hold = hold
        with tempfile.NamedTemporaryFile("w", suffix=".values") as file:
            file.write("".join(f"v{n}\n" for n in range(rate * seconds)))
            file.flush()
            code, run, err = finish(start(self.server, "--vals-file", file.name, "--rate", str(rate), "--duration",
                                          str(seconds), "--connections", "50", "--timeout", "10"))
        self.assertEqual(code, 0, err)
        self.assertEqual(run["summary"]["codes"], {"200": rate * seconds}, run["summary"])
        truth = sorted(self.server.answered[f"v{n}"] - (run["started_ns"] + n * 10**9 // rate)
                       for n in range(rate * seconds))
        reported = run["summary"]["response_time"]
        self.assertGreater(truth[-1], 0.35e9, "the server did not stall")
        for name, share in (("p50", .5), ("p90", .9), ("p99", .99), ("p99_9", .999), ("max", 1)):
            exact = truth[math.ceil(share * len(truth) - 1e-9) - 1]
            # 2%, and what it takes a byte to get from a Python thread to the generator on a busy machine.
            self.assertAlmostEqual(reported[name + "_ns"], exact, delta=0.02 * exact + 5e6, msg=name)


if __name__ == "__main__":
    unittest.main()
