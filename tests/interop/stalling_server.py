#!/usr/bin/env python3
"""usage: stalling_server.py CYCLE STALL SERVICE LOG

An HTTP/1.1 server on a free loopback port (printed first) that answers after SERVICE seconds, and stands still for the
last STALL seconds of every CYCLE. Writes "TARGET NANOSECONDS-SINCE-1970" to LOG for each answer, when it sends it.
"""

import asyncio
import signal
import sys
import time

cycle, stall, service, log_path = float(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
answers = []


class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            target = head.split(b" ", 2)[1]
            asyncio.get_running_loop().call_later(service, self.answer, target)

    def answer(self, target):
        if self.transport.is_closing():
            return
        answers.append((target, time.time_ns()))
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def main():
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)

    def stand_still():
        time.sleep(stall)  # the whole process, as a long garbage collection would
        loop.call_later(cycle - stall, stand_still)

    loop.call_later(cycle - stall, stand_still)
    await done.wait()
    server.close()


asyncio.run(main())
with open(log_path, "wb") as log:
    for target, when in answers:
        log.write(b"%s %d\n" % (target, when))
