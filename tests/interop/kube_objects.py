#!/usr/bin/env python3
"""Serves Kubernetes objects from manifests: just enough of the API for a client that reads.

usage: kube_objects.py READY_FILE ROUTES MANIFEST...
ROUTES is what a list of HTTPRoutes answers: 200, 403 (not allowed), or 404 (the cluster has no Gateway API). Lists come
an object a page. Writes its URL to READY_FILE once it listens, on a free port of 127.0.0.1.
"""
import http.server
import json
import sys
import urllib.parse

import yaml

ready_file, routes_status, *manifests = sys.argv[1:]
objects = []
for manifest in manifests:
    with open(manifest, encoding="utf-8") as file:
        for document in yaml.safe_load_all(file):
            objects += document.get("items", [document]) if document else []


def of_kind(kind):
    return [o for o in objects if o["kind"] == kind]


def failure(code, reason):
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code,
                  "message": f"httproutes.gateway.networking.k8s.io is {reason.lower()}"}


def page(items, query):
    at = int(query.get("continue", ["0"])[0])
    metadata = {"continue": str(at + 1)} if at + 1 < len(items) else {}
    return 200, {"kind": "List", "apiVersion": "v1", "metadata": metadata, "items": items[at:at + 1]}


def answer(path, query):
    parts = path.strip("/").split("/")
    if path.startswith("/apis/gateway.networking.k8s.io/") and parts[-1] == "httproutes":
        if routes_status != "200":
            return failure(int(routes_status), {"403": "Forbidden", "404": "NotFound"}[routes_status])
        return page(of_kind("HTTPRoute"), query)
    if parts[-1] == "endpointslices":
        label, _, name = query["labelSelector"][0].partition("=")
        return page([o for o in of_kind("EndpointSlice") if o["metadata"]["labels"].get(label) == name], query)
    for service in of_kind("Service"):
        if path == f"/api/v1/namespaces/{service['metadata'].get('namespace', 'default')}/services/" + \
                service["metadata"]["name"]:
            return 200, service
    return failure(404, "NotFound")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        code, body = answer(url.path, urllib.parse.parse_qs(url.query))
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(ready_file, "w", encoding="utf-8") as file:
    file.write(f"http://127.0.0.1:{server.server_address[1]}\n")
server.serve_forever()
