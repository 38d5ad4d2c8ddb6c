"""An HTTP/2 server that misbehaves, written frame by frame: no library would send what some of these send.

One behaviour for each server, so that no request has to be decoded. Speaks with prior knowledge, in clear, on a port of
its own choosing on the loopback.
"""
import socket
import struct
import threading
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM = ACK = 1
END_HEADERS = 4
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, REFUSED_STREAM = 0, 1, 2, 7
STATUS_200, STATUS_500 = b"\x88", b"\x8e"  # entries of HPACK's static table
STATUS_103 = b"\x08\x03103"
LENGTH_5 = b"\x0f\x0d\x015"  # content-length: 5


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def head(stream, fields, flags=END_HEADERS | END_STREAM):
    return frame(HEADERS, flags, stream, fields)


def reset(stream, code):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def goaway(last, code=NO_ERROR):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code))


# What a behaviour answers to request `nth` (from 0) of a connection: bytes, and whether the connection stays open.
def ok(stream, _nth):
    return head(stream, STATUS_200), True


def code_500(stream, _nth):
    return head(stream, STATUS_500), True


def interim_body_trailers(stream, _nth):
    return (head(stream, STATUS_103, END_HEADERS) + head(stream, STATUS_200, END_HEADERS) + frame(DATA, 0, stream, b"[1,") +
            frame(DATA, 0, stream, b"") + frame(DATA, 0, stream, b"2]") + head(stream, b"\x00\x01t\x01x")), True


def pings_between(stream, _nth):
    return frame(PING, 0, 0, b"01234567") + frame(0xee, 0xff, stream, b"an unknown frame") + head(stream, STATUS_200), True


def reset_stream(stream, _nth):
    return reset(stream, INTERNAL_ERROR), True


def refuse_first(stream, nth):
    return (reset(stream, REFUSED_STREAM) if nth == 0 else head(stream, STATUS_200)), True


def goaway_after_3(stream, nth):
    return head(stream, STATUS_200) + (goaway(stream) if nth == 2 else b""), nth < 2


def cut_without_an_error(stream, _nth):
    """RFC 9113, 8.1: only after a whole answer is NO_ERROR no error."""
    return head(stream, STATUS_200, END_HEADERS) + frame(DATA, 0, stream, b"[1,") + reset(stream, NO_ERROR), True


def whole_and_reset(stream, _nth):
    return head(stream, STATUS_200) + reset(stream, NO_ERROR), True


def goaway_in_anger(stream, _nth):
    return goaway(0, INTERNAL_ERROR), False


def cut_in_the_body(stream, _nth):
    return head(stream, STATUS_200, END_HEADERS) + frame(DATA, 0, stream, b"[1,"), False


def wrong_length(stream, _nth):
    return head(stream, STATUS_200 + LENGTH_5, END_HEADERS) + frame(DATA, END_STREAM, stream, b"[1,2,3]"), True


def bad_compression(stream, _nth):
    return head(stream, b"\xff\xff\xff\xff\xff\xff\xff"), True


def data_before_head(stream, _nth):
    return frame(DATA, END_STREAM, stream, b"[1,2,3]"), True


def garbage(_stream, _nth):
    return b"HTTP/1.1 400 Bad Request\r\n\r\n" * 4, False


def stall_every_other(stream, nth):
    return (head(stream, STATUS_200) if nth % 2 else b""), True


class HostileH2:
    """Serves until close(). `seen` is how many requests came, `connections` over how many connections."""

    def __init__(self, behaviour):
        self.behaviour, self.seen, self.connections = behaviour, 0, 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb") as stream:
                self.talk(connection, stream)
        except (OSError, ValueError):
            pass

    def talk(self, connection, stream):
        if stream.read(len(PREFACE)) != PREFACE:
            return  # the connection that is opened to see whether there is a server
        with self.lock:
            self.connections += 1
        connection.sendall(frame(SETTINGS, 0, 0))
        nth = 0
        while len(header := stream.read(9)) == 9:
            size, kind, flags = int.from_bytes(header[:3], "big"), header[3], header[4]
            stream.read(size)
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(frame(SETTINGS, ACK, 0))
            if kind != HEADERS:
                continue
            with self.lock:
                self.seen += 1
            answer, stays = self.behaviour(int.from_bytes(header[5:], "big"), nth)
            nth += 1
            connection.sendall(answer)
            if not stays:
                connection.shutdown(socket.SHUT_WR)
                time.sleep(0.05)  # what is still under way must not make the kernel reset the connection
                return

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
