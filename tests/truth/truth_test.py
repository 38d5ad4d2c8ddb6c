#!/usr/bin/env python3
"""What generate reports is held against what the server saw: python3 truth_test.py JUNCTIONCTL [unittest arguments]"""
import json
import math
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import hostile_h2
from hostile_server import EXPECTED, HostileServer

JUNCTIONCTL = os.path.abspath(sys.argv.pop(1))


def start(server, *arguments):
    command = [JUNCTIONCTL, "generate", "--url", f"http://127.0.0.1:{server.port}/?q=", "-o", "json", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, timeout=40):
    out, err = process.communicate(timeout=timeout)
    return process.returncode, json.loads(out) if out else None, err


def last_line(text):  # on a busy machine there is one about late starts before it
    return text.splitlines()[-1]


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
        values = [name for name in EXPECTED if name not in ("stall", "drip")]
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
            together = time.time() + 1
            shards = [start(self.server, "--vals-file", f"{folder}/values", "--rate", "400", "--duration", "1", "--shard",
                            f"{i}/3", "--start-at", f"{together:.6f}") for i in (1, 2, 3)]
            for i, shard in enumerate(shards):
                code, run, err = finish(shard)
                self.assertEqual(code, 0, err)
                self.assertAlmostEqual(run["started_ns"], together * 1e9, delta=1e6)
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
        self.assertGreater(min(self.server.answered.values()), together * 1e9, "nobody started early")

    def test_the_same_seed_sends_the_same_requests_and_another_seed_others(self):
        def asked(seed, *how):
            self.server.order.clear()
            code, _, err = finish(start(self.server, "--connections", "1", "--seed", seed, *how))
            self.assertEqual(code, 0, err)
            return list(self.server.order)

        names = ",".join(f"v{n}" for n in range(40))
        with tempfile.NamedTemporaryFile("w", suffix=".values") as weighted:
            weighted.write("".join(f"w{n}\t{n % 5}\n" for n in range(40)))
            weighted.flush()
            rate = ["--rate", "1000", "--duration", "0.3"]
            for how in (["--vals", names, "--zipf", "1.1", *rate], ["--vals", names, "--shuffle", *rate],
                        ["--vals-file", weighted.name, *rate], ["--vals", names, "--period", "0.1", "--duration", "0.5"],
                        ["--vals", names, "--zipf", "1.1", "--poisson", *rate]):
                with self.subTest(how=how):
                    first = asked("7", *how)
                    self.assertGreater(len(first), 200)
                    self.assertEqual(asked("7", *how), first)
                    self.assertNotEqual(asked("8", *how), first)
                    parts = [asked("7", *how, "--shard", f"{i}/3") for i in (1, 2, 3)]
                    self.assertEqual([parts[n % 3][n // 3] for n in range(len(first))], first, "shards add up to the whole")

    def test_head_has_no_body_whatever_its_length_says(self):
        code, run, err = finish(start(self.server, "--method", "HEAD", "--vals", "ok", "--rate", "200", "--duration", "0.5",
                                      "--connections", "2"))
        self.assertEqual(code, 0, err)
        self.assertEqual(outcomes(run["summary"]), {"200": 100})
        self.assertLessEqual(len(self.server.ports), 3, "connections were to be kept")

    def test_a_result_that_cannot_be_written_is_one_line_and_exit_code_1(self):
        command = [JUNCTIONCTL, "generate", "--url", f"http://127.0.0.1:{self.server.port}/?q=", "--duration", "0.2",
                   "--period", "0.1", "--vals", "ok"]
        for output in ("text", "json", "csv"):
            with self.subTest(output=output), open("/dev/full", "w") as full:
                done = subprocess.run([*command, "-o", output], stdout=full, stderr=subprocess.PIPE, text=True)
                self.assertEqual((done.returncode, last_line(done.stderr)),
                                 (1, "junctionctl: could not write the result to standard output"))
            with self.subTest(output=output, stdout="a pipe nobody reads"):
                reader, writer = os.pipe()
                os.close(reader)
                done = subprocess.run([*command, "-o", output], stdout=writer, stderr=subprocess.PIPE, text=True)
                os.close(writer)
                self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, ""))  # as `| head` ends it: 141 to a shell, no words
        for flag in ("--report", "--hdr-log"):
            with self.subTest(flag=flag):
                done = subprocess.run([*command, flag, "/dev/full"], capture_output=True, text=True)
                self.assertEqual((done.returncode, last_line(done.stderr)),
                                 (1, "junctionctl: could not write /dev/full: No space left on device"))

    def test_files_that_cannot_be_written_are_found_before_anything_is_sent(self):
        with tempfile.TemporaryDirectory() as folder:
            for flag in ("--report", "--hdr-log"):
                for path, why in ((f"{folder}/none/x", "No such file or directory"), (folder, "Is a directory")):
                    with self.subTest(flag=flag, path=path):
                        code, run, err = finish(start(self.server, "--duration", "1", flag, path))
                        self.assertEqual((code, run, err), (1, None, f"junctionctl: could not write {path}: {why}\n"))
            kept = f"{folder}/kept"
            with open(kept, "w", encoding="utf-8") as file:
                file.write("of an earlier run")
            refused = subprocess.run([JUNCTIONCTL, "generate", "--url", "http://127.0.0.1:1/", "--report", kept],
                                     capture_output=True, text=True)
            self.assertEqual(refused.returncode, 1)
            with open(kept, encoding="utf-8") as file:
                self.assertEqual(file.read(), "of an earlier run", "a run that never was must not take the file")
        self.assertEqual(sum(self.server.seen.values()), 0)

    def test_every_field_of_the_json_is_documented(self):
        address = f"127.0.0.1:{self.server.port}"
        code, run, err = finish(start(self.server, "--lb", "RingHash", "--endpoints", address, "--hash-query", "q", "--rate", "50",
                                      "--duration", "0.2", "--vals", "ok,reset", "--threshold", "p99<1m"))
        self.assertEqual(code, 0, err)
        fields = set()

        def walk(value, named_by_data=False):
            for key, inner in value.items() if isinstance(value, dict) else [(None, item) for item in value]:
                if key is not None and not named_by_data:
                    fields.add(key)
                if isinstance(inner, (dict, list)):
                    walk(inner, named_by_data or key in ("codes", "errors", "errors_by_kind", "policy"))

        walk(run)
        self.assertGreater(len(fields), 60)
        page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/generate-json.md")
        with open(page, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual([field for field in sorted(fields) if f"`{field}`" not in text], [])

    def test_kinds_of_errors_are_named_beside_the_text(self):
        done = subprocess.run([JUNCTIONCTL, "generate", "--url", f"http://127.0.0.1:{self.server.port}/?q=", "--duration", "0",
                               "--vals", "ok,reset,hang-up,garbage"], capture_output=True, text=True)
        self.assertEqual(done.stdout, "Response Codes:\n  200: 1\nTotal Errors: 3\n")
        self.assertEqual(done.stderr, "junctionctl: requests without a response: 2 reset, 1 protocol\n")

    def test_the_soft_limit_of_descriptors_is_raised_where_it_can_be(self):
        def low():
            resource.setrlimit(resource.RLIMIT_NOFILE, (100, 4096))

        server = HostileServer(hold=lambda: 0.4, host="0.0.0.0")
        self.addCleanup(server.close)
        pods = ",".join(f"127.0.0.{n}:{server.port}" for n in range(1, 9))
        for how in (["--connections", "300"], ["--lb", "RoundRobin", "--endpoints", pods, "--connections", "30"]):
            with self.subTest(how=how):
                command = [JUNCTIONCTL, "generate", "--url", f"http://127.0.0.1:{server.port}/?q=", "--vals", "ok", "--rate",
                           "1000", "--duration", "0.3", *how]
                done = subprocess.run(command, capture_output=True, text=True, preexec_fn=low)
                self.assertNotIn("without a response", done.stderr)
                self.assertNotIn("Errors", done.stdout)

    def test_an_interrupt_while_it_still_connects_ends_the_run(self):
        with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
            process = subprocess.Popen([JUNCTIONCTL, "generate", "-k", "--url", f"https://127.0.0.1:{deaf.getsockname()[1]}/"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            asked = time.monotonic()
            out, err = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - asked, 3)
        self.assertEqual((process.returncode, out, err), (130, "Response Codes:\n", "junctionctl: stopped before the first "
                                                          "request was due: nothing was sent\n"))

    def test_a_rate_that_cannot_be_held_is_said_aloud(self):
        self.server.hold = lambda: 0.02
        code, run, err = finish(start(self.server, "--vals", "ok", "--rate", "200", "--connections", "1", "--duration", "1",
                                      "--threshold", "rate>=0.99", "--timeout", "20"))
        self.assertEqual(code, 3)
        self.assertRegex(err, r"achieved [0-9.]+% of the 200 requests/s asked for; starts were late by \S+ at the median, \S+ at "
                              r"p99, \S+ at most\n")
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


class Http2Truth(unittest.TestCase):
    RATE, REQUESTS = 60, 30
    OUTCOMES = {
        hostile_h2.ok: "200", hostile_h2.code_500: "500", hostile_h2.interim_body_trailers: "200",
        hostile_h2.pings_between: "200", hostile_h2.refuse_first: "200", hostile_h2.goaway_after_3: "200",
        hostile_h2.reset_stream: "reset", hostile_h2.cut_in_the_body: "reset", hostile_h2.goaway_in_anger: "reset",
        hostile_h2.cut_without_an_error: "reset", hostile_h2.whole_and_reset: "200",
        hostile_h2.wrong_length: "protocol", hostile_h2.bad_compression: "protocol",
        hostile_h2.data_before_head: "protocol", hostile_h2.garbage: "protocol",
    }

    def run_against(self, behaviour, *arguments):
        server = hostile_h2.HostileH2(behaviour)
        self.addCleanup(server.close)
        code, run, err = finish(start(server, "--http2", "--vals", "red", "--rate", str(self.RATE), "--duration",
                                      str(self.REQUESTS / self.RATE), *arguments))
        self.assertEqual(code, 0, err)
        self.assertEqual(run["summary"]["requests"], self.REQUESTS)
        return server, run["summary"]

    def test_every_misbehaviour_is_counted_as_what_it_is(self):
        for behaviour, what in self.OUTCOMES.items():
            for shape in (["--connections", "3", "--streams", "1"], ["--connections", "1", "--streams", "10"]):
                with self.subTest(behaviour=behaviour.__name__, shape=shape):
                    server, summary = self.run_against(behaviour, "--timeout", "5", *shape)
                    self.assertEqual(outcomes(summary), {what: self.REQUESTS})
                    if what.isdigit():  # the others hang up on what they have not read
                        self.assertGreaterEqual(server.seen, self.REQUESTS)
                    self.assertLess(server.connections, 3 * self.REQUESTS, "it must not hammer a server that refuses")

    def test_a_stream_that_is_never_answered_costs_its_request_and_no_other(self):
        server, summary = self.run_against(hostile_h2.stall_every_other, "--timeout", "1", "--connections", "1", "--streams", "30")
        self.assertEqual(outcomes(summary), {"200": 15, "timeout": 15})
        self.assertEqual((server.seen, server.connections), (30, 1))


if __name__ == "__main__":
    unittest.main()
