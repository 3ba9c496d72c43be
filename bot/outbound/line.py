"""One kept-alive HTTP/1.1 connection to WeChat: a request, its answer, the next request.

The least that a JSON call needs, because a client library's price a message (0.2 ms of CPU) is most
of what a push costs. It never repeats anything: a line that breaks under a request says so.
"""

import asyncio
import re
from typing import NamedTuple

SPACE_BYTES = 16_384
MOST_BYTES = 1_048_576
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection:[^\r]*close", re.IGNORECASE)
BODILESS = (204, 304)


class LineBroken(Exception):
    """The line broke, or was silent for too long, after the request had left."""


class Answer(NamedTuple):
    """keep: whether the line may carry another request."""

    status: int
    content: bytes
    keep: bool


class Line(asyncio.BufferedProtocol):
    """Made by a loop's create_connection; belongs to one asker at a time."""

    def __init__(self) -> None:
        self._space = memoryview(bytearray(SPACE_BYTES))
        self._got = b""
        self._transport: asyncio.Transport | None = None
        self._awaited: asyncio.Future[Answer] | None = None
        self._bare = False
        self.is_open = False
        self.idle_since = 0.0

    async def ask(self, request: bytes, within_s: float, *, bare: bool = False) -> Answer:
        """The answer to one request. Raises LineBroken. bare: no body follows (CONNECT)."""
        if self._transport is None or not self.is_open:
            raise LineBroken("the line is closed")
        loop = asyncio.get_running_loop()
        self._awaited, self._got, self._bare = loop.create_future(), b"", bare
        patience = loop.call_later(within_s, self._break, "no answer in time")
        try:
            self._transport.write(request)
            answer = await self._awaited
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            patience.cancel()
            self._awaited = None
            self.idle_since = loop.time()
        if not answer.keep or self._got:
            self.close()
        return answer

    def wrap(self, transport: asyncio.Transport) -> None:
        """From now on the line speaks through `transport` (TLS inside a proxy's tunnel)."""
        self._transport = transport

    @property
    def transport(self) -> asyncio.Transport:
        if self._transport is None:
            raise LineBroken("the line is closed")
        return self._transport

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport, self.is_open = transport, True

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._space

    def buffer_updated(self, nbytes: int) -> None:
        if self._awaited is None:
            self.close()  # words nobody asked for: whose answer would the next one be?
            return
        self._got += self._space[:nbytes]
        self._look(ended=False)

    def eof_received(self) -> None:
        self.is_open = False
        self._look(ended=True)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._break(type(exc).__name__ if exc else "closed before the answer")

    def _look(self, *, ended: bool) -> None:
        """Give the answer when it is complete."""
        if self._awaited is None or self._awaited.done():
            return
        try:
            answer = read_answer(self._got, ended=ended, bare=self._bare)
        except ValueError:
            self._break("not HTTP")
            return
        if answer is not None:
            self._got = b""  # what still comes before the next request is nobody's
            self._awaited.set_result(answer)
        elif ended or len(self._got) > MOST_BYTES:
            self._break("the answer is cut short" if ended else "the answer has no end")

    def _break(self, why: str) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(LineBroken(why))
            self.close()


def read_answer(got: bytes, *, ended: bool = False, bare: bool = False) -> Answer | None:
    """The answer in these bytes; None while more must come. Raises ValueError for other things.

    ended: the other side has closed, so nothing more will come.
    """
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = got[:end], got[end + 4 :]
    if not head.startswith(b"HTTP/1."):
        raise ValueError("no status line")
    status = int(head[9:12])
    if status < 200:  # 100 Continue and the like: the answer follows
        return read_answer(body, ended=ended, bare=bare)
    keep = head.startswith(b"HTTP/1.1") and not ended and not CLOSES.search(head)
    if bare or status in BODILESS:
        return Answer(status, b"", keep and not body)
    if CHUNKED.search(head):
        return _chunked(status, body, keep)
    length = LENGTH.search(head)
    if length is None:  # the body ends with the line
        return Answer(status, body, keep=False) if ended else None
    size = int(length[1])
    return Answer(status, body[:size], keep and len(body) == size) if len(body) >= size else None


def _chunked(status: int, body: bytes, keep: bool) -> Answer | None:
    content = b""
    while True:
        line, mark, rest = body.partition(b"\r\n")
        if not mark:
            return None
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            return Answer(status, content, keep and rest == b"\r\n") if b"\r\n" in rest else None
        if len(rest) < size + 2:
            return None
        content, body = content + rest[:size], rest[size + 2 :]
