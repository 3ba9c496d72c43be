"""A small load client: keep-alive connections on one thread, requests made beforehand."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

READ_BYTES = 65_536


@dataclass
class Result:
    """What a run brought. Latencies in seconds, in the order the answers came."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bodies: dict[int, bytes] = field(default_factory=dict)  # number of the request → answer

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))] * 1000 if ranked else 0.0


class Connection:
    """One connection with at most one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.got = b""
        self.number = -1
        self.began = 0.0
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self.address, timeout=10)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def send(self, number: int, request: bytes) -> None:
        self.number, self.got, self.began = number, b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> tuple[int, bytes] | None:
        """(status, body) when the answer is whole, else None. Raises ConnectionError."""
        more = self.socket.recv(READ_BYTES)
        if not more and not self.got:
            raise ConnectionError("closed without an answer")
        self.got += more
        head, blank, body = self.got.partition(b"\r\n\r\n")
        if not blank:
            return None
        length = content_length(head)
        if length is None and more:  # the end of the connection is the end of the answer
            return None
        if length is not None and len(body) < length:
            if not more:
                raise ConnectionError("the answer broke off")
            return None
        return int(head[9:12]), body

    @property
    def closing(self) -> bool:
        """True when the server closes after this answer (HTTP/1.0, or it says so)."""
        head = self.got[:400].lower()
        return head.startswith(b"http/1.0") or b"connection: close" in head

    def renew(self) -> None:
        self.socket.close()
        self.socket = self._connect()


def content_length(head: bytes) -> int | None:
    place = head.lower().find(b"content-length:")
    if place < 0:
        return None
    return int(head[place + 15 :].split(b"\r\n", 1)[0])


def drive(
    address: tuple[str, int], requests: Sequence[bytes], connections: int, kept: int = 200
) -> Result:
    """Send every request once over so many connections; the first `kept` answers are kept.

    A server that closes after each answer (HTTP/1.0) is connected to anew, and pays for it.
    """
    result, left = Result(), iter(enumerate(requests))
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    for _ in range(connections):
        connection = Connection(address)
        if _next(connection, left):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
    while selector.get_map():
        for key, _ in selector.select(timeout=30):
            connection: Connection = key.data
            answer = connection.receive()
            if answer is None:
                continue
            _note(result, connection, answer, kept)
            if connection.closing:
                selector.unregister(connection.socket)
                connection.renew()
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            if not _next(connection, left):
                selector.unregister(connection.socket)
                connection.socket.close()
    result.seconds = time.perf_counter() - began
    return result


def _note(result: Result, connection: Connection, answer: tuple[int, bytes], kept: int) -> None:
    status, body = answer
    result.latencies.append(time.perf_counter() - connection.began)
    result.statuses[status] += 1
    if connection.number < kept:
        result.bodies[connection.number] = body


def _next(connection: Connection, left: Iterator[tuple[int, bytes]]) -> bool:
    pair = next(left, None)
    if pair is not None:
        connection.send(*pair)
    return pair is not None
