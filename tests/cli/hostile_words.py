#!/usr/bin/env python3
"""No word from outside steers the terminal: python3 hostile_words.py JUNCTIONCTL [unittest arguments]

Every place at which text from outside comes in gets escape sequences, C1 and bidirectional controls, broken UTF-8 and a
line of its own; every verb is run; what it prints holds none of them raw, and no line that somebody else began."""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

JUNCTIONCTL = os.path.abspath(sys.argv.pop(1))
MARK = "PWNED"
STEERING = f"\x1b]0;{MARK}\x07\x1b[31m\x9b2J\u202e\u2066\u200f\u061c\u2028\ufeff\x7f\r"
EVIL = f"a{STEERING}\nFORGED\tz"  # where a line feed can be
LINE = f"a{STEERING}FORGED"  # where it would end the value
BROKEN = EVIL.encode() + b"\x9b31m\xff\xc0\x9b"
HIDDEN = [0x61C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF]


def raw_controls(output, csv):
    text = output.decode("utf-8")  # broken UTF-8 fails here
    if csv:
        text = text.replace("\r\n", "\n")
    return [hex(ord(c)) for c in text
            if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F or ord(c) in HIDDEN]


def service(name="recs", annotation=None, namespace="default"):
    return {"apiVersion": "v1", "kind": "Service",
            "metadata": {"name": name, "namespace": namespace, "resourceVersion": "1", "uid": "u",
                         "annotations": {} if annotation is None else {"junctionlabs.io/backend.lb.80": annotation}},
            "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1",
                     "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]}}


def policy(name):
    return json.dumps({"type": "RingHash", "hashParams": [{"type": "QueryParam", "name": name}]})


def endpoint_slice(text, name="recs"):
    return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": text, "namespace": "default", "labels": {"kubernetes.io/service-name": name}},
            "ports": [{"port": 80, "protocol": "TCP", "name": ""}],
            "endpoints": [{"addresses": [f"10.0.0.{i}"], "conditions": {"ready": True, "serving": True}, "zone": text,
                           "nodeName": text, "hostname": text, "targetRef": {"kind": "Pod", "name": text}}
                          for i in (1, 2)] + [{"addresses": [text], "conditions": {"ready": False, "serving": False},
                                               "targetRef": {"kind": "Pod", "name": text}}]}


class Api(http.server.BaseHTTPRequestHandler):
    """A Kubernetes API whose every free word is hostile. The first word of the path says how it answers."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, code=200, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response_only(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.wfile_header(f"Warning: 299 - \"{STEERING[:-1]}\"")
        self.end_headers()
        self.wfile.write(data)

    def wfile_header(self, line):
        self._headers_buffer.append(line.encode() + b"\r\n")

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode, _, path = self.path.lstrip("/").partition("/")
        if mode == "status":
            return self.answer({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": EVIL, "reason": EVIL,
                                "details": {"causes": [{"reason": EVIL, "message": EVIL, "field": EVIL}]}, "code": 422}, 422)
        if mode == "page":
            return self.answer(f"<html><title>{LINE}</title></html>".encode(), 502, "text/html")
        if mode == "bytes":
            return self.answer(BROKEN, 500, "text/plain")
        if mode == "garbage":
            return self.answer(BROKEN)
        if path.endswith("/log") or "/log?" in path:
            value = "".join(f"%{byte:02x}" for byte in BROKEN)
            lines = f'127.0.0.1 - "GET /recommendations/?query={value}&limit=10 HTTP/1.1" 200\n'.encode()
            return self.answer(lines + BROKEN + b"\n", kind="text/plain")
        if "/deployments/" in path:
            return self.answer({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "recs"},
                                "spec": {"replicas": 1, "selector": {"matchLabels": {"app": EVIL}}, "template": {}}})
        if "/pods" in path:
            pod = {"metadata": {"name": EVIL, "namespace": "default"}, "spec": {"containers": [{"name": EVIL}]}}
            return self.answer({"kind": "PodList", "items": [pod], "metadata": {}})
        if "/endpointslices" in path:
            return self.answer({"kind": "EndpointSliceList", "metadata": {"resourceVersion": "1"},
                                "items": [endpoint_slice(EVIL)]})
        if "/httproutes" in path:
            return self.answer({"kind": "HTTPRouteList", "metadata": {"resourceVersion": "1"}, "items": []})
        annotation = EVIL if mode == "annotation" else policy(EVIL)
        return self.answer(service(annotation=annotation))

    do_PATCH = do_POST = do_PUT = do_GET


def run_result(text):
    """What generate -o json prints for one request of a value, with every free word hostile."""
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run([JUNCTIONCTL, "generate", "--endpoints", "127.0.0.1:9", "--lb", "RingHash", "--hash-query",
                              "query", "--vals", "red", "--duration", "0.001", "--no-keepalive", "-o", "json"],
                             cwd=folder, capture_output=True, check=False)
        return json.loads(out.stdout) if out.stdout else None


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.base = f"http://127.0.0.1:{cls.server.server_address[1]}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return name

    def hold(self, *words, shows=True, csv=False):
        with self.subTest(words=[str(word)[:60] for word in words]):
            environment = {"HOME": self.folder, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
            run = subprocess.run([JUNCTIONCTL, *words], cwd=self.folder, env=environment, capture_output=True, timeout=60,
                                 stdin=subprocess.DEVNULL, check=False)
            for name, output in (("stdout", run.stdout), ("stderr", run.stderr)):
                self.assertEqual(raw_controls(output, csv), [], f"{name}: {output!r}")
                for line in output.decode().splitlines():
                    self.assertFalse(line.startswith("FORGED"), f"{name} has a line that is not ours: {output!r}")
            if shows:  # else the row proves nothing
                self.assertIn(MARK.encode(), run.stdout + run.stderr)

    def test_words_of_the_command_line(self):
        for evil in (EVIL, BROKEN):
            self.hold(evil)
            for verb in ("patch", "explain", "generate", "merge", "sandbox", "scale", "logs", "version", "completion"):
                flag = b"--" + (evil if isinstance(evil, bytes) else evil.encode())
                self.hold(verb, flag)
                self.hold(verb, flag + b"=1")
            self.hold("completion", evil)
            self.hold("version", evil)
            self.hold("merge", evil)
            self.hold("sandbox", "--pod-network", evil)
            self.hold("sandbox", "--window", evil)
            self.hold("sandbox", "--replicas", evil)
            self.hold("scale", "--replicas", "1", evil)
            self.hold("scale", "--replicas", evil, "deployment/a")
            self.hold("scale", "--replicas", "1", "deployment/a", "--kubeconfig", evil)
            self.hold("scale", "--replicas", "1", "deployment/a", "-o", evil)
            self.hold("logs", evil)
            self.hold("logs", "deployment/a", "--since", evil)
            self.hold("logs", "deployment/a", "--context", evil, shows=False)
            self.hold("patch", evil, "--port", "80", "--lb", "RingHash")
            self.hold("patch", "a", "--port", evil, "--lb", "RingHash")
            self.hold("patch", "a", "--port", "80", "--lb", evil)
            self.hold("patch", "a", "--port", "80", "--lb", b"@" + BROKEN)
            self.hold("patch", "-f", evil)
            self.hold("patch", "a", "--port", "80", "--lb", "RingHash", "-s", evil)
            self.hold("patch", "a", "--port", "80", "--lb", "RingHash", "--dry-run", evil)
            self.hold("explain", evil)
            self.hold("explain", "-f", evil)
            self.hold("explain", "--requests", evil, "--endpoints", "10.0.0.1:80")
            self.hold("explain", "--endpoints", evil)
            self.hold("explain", "--endpoints", "10.0.0.1:80", "--impl", evil, "--lb", "RingHash")
            self.hold("explain", "--endpoints", "10.0.0.1:80", "--hash", evil, "--lb", "RingHash")
            self.hold("explain", "--endpoints", "10.0.0.1:80", "--header", evil, "--lb", "RingHash")
            self.hold("explain", "--endpoints", "10.0.0.1:80", "-o", evil)
            self.hold("explain", "--endpoints", "10.0.0.1:80", "--report", b"no/" + BROKEN)
            for flag in ("--url", "--duration", "--rate", "--ramp", "--start-at", "--shard", "--seed", "--zipf", "--burst",
                         "--header", "--threshold", "--timeout", "--engine", "--by", "-o", "--connections", "--endpoints",
                         "--connect-to", "--proxy", "--lb"):
                self.hold("generate", flag, evil, shows=flag not in ("--connect-to", "--endpoints"))
            self.hold("generate", "--vals-file", evil)
            self.hold("generate", "--endpoints", evil, "--lb", "RingHash")
            self.hold("generate", "--cacert", evil, "--url", "https://127.0.0.1:9/", shows=False)

    def test_words_of_the_command_line_in_every_writer_of_explain(self):
        common = ["explain", "--endpoints", "10.0.0.1:80,10.0.0.2:80", "--hash-query", EVIL, "--query", EVIL, "--query", "b"]
        for output in ("table", "wide", "json", "yaml"):
            self.hold(*common, "-o", output)
            self.hold(*common, "-o", output, "--why")
        self.hold(*common, "--impl", "all")
        self.hold(*common, "--plot")

    def test_lines_of_requests(self):
        line = LINE.encode() + b"\x9b31m\xff\xc0\x9b"
        self.write("requests", line + b"\nred\n" + LINE.encode() + b"\nGET " + line + b"\n")
        for words in (["--summary"], [], ["--why"], ["-o", "json"], ["-o", "yaml"], ["--impl", "all"]):
            self.hold("explain", "--endpoints", "10.0.0.1:80,10.0.0.2:80", "--hash-query", "q", "--requests", "requests",
                      *words)
        self.write("bad", '{"url":5,"x":"' + LINE.replace("\x1b", "") + '"}\n')
        self.hold("explain", "--endpoints", "10.0.0.1:80", "--hash-query", "q", "--requests", "bad", shows=False)

    def test_manifests(self):
        evil = [service(EVIL, policy(EVIL), EVIL), endpoint_slice(EVIL, EVIL)]
        self.write("evil.json", json.dumps({"kind": "List", "items": evil}))
        self.hold("explain", "-f", "evil.json", "--query", "red", shows=False)
        good = [service("recs", policy(EVIL)), endpoint_slice(EVIL)]
        self.write("good.json", json.dumps({"kind": "List", "items": good}))
        for words in (["-o", "wide"], ["--why"], ["-o", "json"], ["-o", "yaml"], ["--check"], ["--impl", "all"]):
            self.hold("explain", "-f", "good.json", "recs", "--query", EVIL, *words)
        for annotation in (EVIL, json.dumps({"type": EVIL}), json.dumps({EVIL: 1})):
            self.write("broken.json", json.dumps(service("recs", annotation)))
            self.hold("explain", "-f", "broken.json", "recs", "--query", "red", shows="type" in annotation or annotation == EVIL)
            self.hold("patch", "--local", "-f", "broken.json", "--port", "80", "--lb", "RoundRobin", "--diff",
                      shows=annotation == EVIL)
        self.write("twice.yaml", '"a\\e[31m' + MARK + '": 1\n"a\\e[31m' + MARK + '": 2\n')
        self.hold("explain", "-f", "twice.yaml")
        self.hold("patch", "-f", "twice.yaml")
        self.write("noise.yaml", b"kind: " + BROKEN)
        self.hold("explain", "-f", "noise.yaml", shows=False)
        self.write("backend.json", json.dumps({"id": {"type": "kube", "name": EVIL, "namespace": EVIL, "port": 80},
                                               "lb": {"type": EVIL}}))
        self.hold("patch", "-f", "backend.json", "-s", self.base + "/ok")
        self.write("type.json", json.dumps({"id": {"type": EVIL, "name": "a", "port": 80}, "lb": {"type": "RingHash"}}))
        self.hold("patch", "-f", "type.json", "-s", self.base + "/ok")
        self.write("policy.json", json.dumps({"type": EVIL}))
        self.hold("patch", "a", "--port", "80", "--lb", "@policy.json")
        self.hold("generate", "--endpoints", "127.0.0.1:9", "--lb", "@policy.json")

    def test_kubeconfigs(self):
        config = {"apiVersion": "v1", "kind": "Config", "current-context": EVIL,
                  "contexts": [{"name": EVIL, "context": {"cluster": EVIL, "user": EVIL, "namespace": EVIL}}]}
        self.write("kubeconfig", json.dumps(config))
        self.hold("patch", "a", "--port", "80", "--lb", "RoundRobin", "--kubeconfig", "kubeconfig")
        config["clusters"] = [{"name": EVIL, "cluster": {"server": EVIL}}]
        config["users"] = [{"name": EVIL, "user": {"exec": {"command": EVIL, "apiVersion": EVIL}}}]
        self.write("kubeconfig", json.dumps(config))
        self.hold("patch", "a", "--port", "80", "--lb", "RoundRobin", "--kubeconfig", "kubeconfig")

    def test_words_of_the_server(self):
        for mode in ("status", "page", "bytes", "garbage", "ok", "annotation"):
            server = ["-s", f"{self.base}/{mode}"]
            for trace in ([], ["-v", "8"], ["-v", "9"]):
                self.hold("patch", "recs", "--port", "80", "--lb", "RoundRobin", "--diff", *server, *trace)
                self.hold("scale", "--replicas", "2", "deployment/recs", *server, *trace)
                self.hold("logs", "deployment/recs", "--by", "query", *server, *trace)
                self.hold("explain", "service/recs", "--query", "red", "--check", *server, *trace)
            for output in ("name", "json", "yaml"):
                self.hold("patch", "recs", "--port", "80", "--lb", "RoundRobin", "-o", output, *server)
                self.hold("scale", "--replicas", "2", "deployment/recs", "-o", output, *server)
            for output in ("json", "yaml"):
                self.hold("logs", "deployment/recs", "--by", "query", "-o", output, *server)
            self.hold("generate", "--lb", "service/recs", "--duration", "0", *server, "--timeout", "1", "--by",
                      "query,endpoint", "--rate", "1", "--vals", "red")

    def test_values_and_results_of_generate(self):
        common = ["generate", "--vals", EVIL.replace(",", ""), "--duration", "0.001", "--rate", "1000",
                  "--endpoints", "127.0.0.1:9", "--lb", "RingHash", "--hash-query", "query"]
        self.hold(*common, "--by", "query,endpoint", "--latency")
        self.hold(*common, "-o", "json")
        self.hold(*common, "-o", "csv", csv=True)
        self.hold(*common, "--verbose", "--progress", shows=False)
        result = run_result(EVIL)
        self.assertIsNotNone(result)
        for place in (["schema"], ["engine"], ["plan", "url"], ["plan", "method"], ["plan", "queries", 0],
                      ["plan", "schedule"], ["plan", "service"], ["version"], ["interrupted"]):
            changed = json.loads(json.dumps(result))
            at = changed
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = EVIL
            if place == ["plan", "queries", 0]:
                for group in changed.get("by_query", []):
                    group["query"] = EVIL
            self.write("changed.json", json.dumps(changed))
            self.write("result.json", json.dumps(result))
            for output in ("text", "json", "csv"):
                self.hold("merge", "changed.json", "-o", output, "--by", "query", csv=output == "csv", shows=False)
            self.hold("merge", "result.json", "changed.json", shows=False)


if __name__ == "__main__":
    unittest.main()
