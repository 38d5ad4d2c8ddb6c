"""An HTTP server that misbehaves as asked, and keeps count of it: the side of the story that a tally is held against.

The query value names the behaviour (/?q=reset). Listens on a port of its own choosing on the loopback.
"""
import collections
import socket
import struct
import threading
import time
import urllib.parse

BODY = b"[1,2,3]"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + BODY


def ok(connection):
    connection.sendall(OK)
    return True


def code_500(connection):
    connection.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
    return True


def chunked(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n")
    time.sleep(0.01)
    connection.sendall(b"4;x=y\r\n2,3]\r\n0\r\nTrailer: yes\r\n\r\n")
    return True


def trickle(connection):
    for byte in range(0, len(OK), 8):
        connection.sendall(OK[byte:byte + 8])
        time.sleep(0.002)
    return True


def early_hints(connection):
    connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)
    return True


def no_content(connection):
    connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    return True


def until_closed(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY)
    return False


def stall(connection):
    """No answer, until the client has had enough."""
    connection.settimeout(20)
    connection.recv(1)
    return False


def half(connection):
    connection.sendall(OK[:-3])
    return False


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hang_up(_connection):
    return False


def garbage(connection):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    return False


def bad_length(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n")
    return False


def bodiless(connection):
    """What answers HEAD: the length of a body that does not come."""
    connection.sendall(OK[:-7])
    return True


def folded(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n")
    return True


def no_line(connection):
    """What is no HTTP is none from its first byte on, line or not."""
    connection.sendall(b"HTTP/0.9 has no status line")
    return False


def tls_alert(connection):
    """What a TLS port says to plain HTTP; and then it waits."""
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46")
    return stall(connection)


def two_lengths(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n" + BODY)
    return False


def length_and_chunks(connection):
    """RFC 9112, 6.3: chunked wins, and the connection is not to be trusted with another request."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n" + BODY + b"\r\n0\r\n\r\n")
    return True


def more_than_asked(connection):
    """Two answers to one request: the second is nobody's."""
    connection.sendall(OK + OK)
    return True


def large_head(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"x" * 1000) for i in range(200)) + OK[17:])
    return True


def endless_head(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    connection.settimeout(20)
    try:
        while True:
            connection.sendall(b"X: " + b"x" * 997 + b"\r\n")
    except ConnectionError:
        return False


def drip(connection):
    """A byte now and then: alive, but not done before anybody's timeout."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    try:
        while True:
            connection.sendall(b"x")
            time.sleep(0.1)
    except ConnectionError:
        return False


def reset_in_body(connection):
    connection.sendall(OK[:-3])
    time.sleep(0.02)  # so that the head is read first
    return reset(connection)


def cut_chunk(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1")
    return False


def no_chunk_size(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
    return False


def not_modified(connection):
    connection.sendall(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n")
    return True


def switching(connection):
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")
    return False


# What becomes of a request, by behaviour: a status, or the kind of error.
EXPECTED = {
    "ok": (ok, "200"), "500": (code_500, "500"), "chunked": (chunked, "200"), "trickle": (trickle, "200"),
    "early": (early_hints, "200"), "204": (no_content, "204"), "until-closed": (until_closed, "200"),
    "stall": (stall, "timeout"), "half": (half, "reset"), "reset": (reset, "reset"), "hang-up": (hang_up, "reset"),
    "garbage": (garbage, "protocol"), "bad-length": (bad_length, "protocol"), "folded": (folded, "200"),
    "no-line": (no_line, "protocol"), "tls-alert": (tls_alert, "protocol"),
    "two-lengths": (two_lengths, "protocol"), "length-and-chunks": (length_and_chunks, "200"),
    "more-than-asked": (more_than_asked, "200"), "large-head": (large_head, "200"), "endless-head": (endless_head, "protocol"),
    "drip": (drip, "timeout"), "reset-in-body": (reset_in_body, "reset"), "cut-chunk": (cut_chunk, "reset"),
    "no-chunk-size": (no_chunk_size, "protocol"), "304": (not_modified, "304"), "101": (switching, "protocol"),
}


class HostileServer:
    """Serves until close(). `seen` counts requests read, by value, and `order` lists those values as they came;
    `answered` holds when the answer was sent."""

    def __init__(self, hold=lambda: 0, host="127.0.0.1"):
        self.seen, self.order, self.answered = collections.Counter(), [], {}
        self.hold = hold  # seconds an "ok" answer is held back, as of now
        self.lock = threading.Lock()
        self.listener = socket.create_server((host, 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.open, self.ports = set(), set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, peer = self.listener.accept()
            except OSError:
                return
            self.ports.add(peer[1])
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.open.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        waiting = b""
        try:
            while True:
                while b"\r\n\r\n" not in waiting:
                    received = connection.recv(65536)
                    if not received:
                        return
                    waiting += received
                head, waiting = waiting.split(b"\r\n\r\n", 1)
                value = urllib.parse.unquote_plus(head.split(b" ", 2)[1].decode().split("q=", 1)[1])
                with self.lock:
                    self.seen[value] += 1
                    self.order.append(value)
                held = self.hold()
                if held > 0:
                    time.sleep(held)
                behaviour = bodiless if head.startswith(b"HEAD ") else EXPECTED.get(value, (ok, ""))[0]
                if not behaviour(connection):
                    return
                self.answered[value] = time.time_ns()
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(connection)
            connection.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
