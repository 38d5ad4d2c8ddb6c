#!/usr/bin/env python3
"""usage: generate_requests.py URL SECONDS

The tutorial's kind of generator at full speed: one thread, `requests`, a new connection for each request. Prints how
many it made.
"""

import sys
import time

import requests

url, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
count = 0
while time.monotonic() < end:
    requests.get(url)
    count += 1
print(count)
