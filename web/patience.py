"""Bodies that do not come: how long a thread waits for one, and how many one address may keep.

The server hands a request over before its body is there, and has no time-out for it: half-sent
forms would keep every thread. A proxy in front that waits for whole bodies needs none of this.
"""

import os
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from core.logs import get_log

SILENT_S = 10.0
LOOKED_AT_S = 2.0
WAITING_EACH = 64  # bodies one address may keep us waiting for, in one process
LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv in linux/tcp.h, milliseconds
BUSY = "503 Service Unavailable"
SORRY = "同一地址未传完的请求太多，请稍后再试。".encode()

StartResponse = Callable[..., Any]
T = TypeVar("T")


class Front(Protocol):
    """A WSGI application that is closed at the end."""

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]: ...

    def close(self) -> None: ...


class Patience:
    """A WSGI application in front of another."""

    def __init__(
        self, inner: Front, trusts: Callable[[str], bool], *, silent_s: float = SILENT_S
    ) -> None:
        """trusts: an address is a proxy's, which many people share."""
        self._inner = inner
        self._trusts = trusts
        self._silent_s = silent_s
        self._waiting: dict[int, tuple[str, float]] = {}
        self._each: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="patience", daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        address = str(environ.get("REMOTE_ADDR") or "")
        if self._each[address] >= WAITING_EACH and not self._trusts(address):
            get_log("web").warning("too many unfinished bodies", address=address)
            head = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "10")]
            start_response(BUSY, head)
            return [SORRY]
        environ["wsgi.input"] = Body(environ["wsgi.input"], self, address)
        return self._inner(environ, start_response)

    def close(self) -> None:
        """Stop watching, and close the one behind."""
        self._closed.set()
        self._inner.close()

    def wait(self, address: str, read: Callable[[], T]) -> T:
        """What `read` brings; while it waits it is counted."""
        mine = threading.get_ident()
        self._waiting[mine] = (address, time.monotonic())
        with self._counting:
            self._each[address] += 1
        try:
            return read()
        finally:
            del self._waiting[mine]
            with self._counting:
                self._each[address] -= 1
                if not self._each[address]:
                    del self._each[address]

    def _watch(self) -> None:
        while not self._closed.wait(min(LOOKED_AT_S, self._silent_s)):
            long_ago = time.monotonic() - self._silent_s
            late = {who for who, since in list(self._waiting.values()) if since < long_ago}
            if late:
                cut = sum(hang_up(descriptor, late, self._silent_s) for descriptor in open_files())
                get_log("web").warning("bodies did not come", addresses=sorted(late), cut=cut)


class Body:
    """The body of a request; each read of it is counted while it waits."""

    def __init__(self, source: Any, patience: Patience, address: str) -> None:
        self._source = source
        self._patience = patience
        self._address = address

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        sizes = (size,) if size >= 0 else ()
        return self._patience.wait(self._address, lambda: bytes(self._source.read(*sizes)))

    def readline(self, size: int = -1) -> bytes:
        """As a file's."""
        sizes = (size,) if size >= 0 else ()
        return self._patience.wait(self._address, lambda: bytes(self._source.readline(*sizes)))

    def readlines(self, hint: int = -1) -> list[bytes]:
        """As a file's."""
        return self._patience.wait(self._address, lambda: list(self._source.readlines(hint)))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")


def open_files() -> list[int]:
    """The descriptors of this process."""
    return [int(name) for name in os.listdir("/proc/self/fd")]


def hang_up(descriptor: int, addresses: set[str], silent_s: float) -> bool:
    """End what we read of a connection from one of the addresses that has been silent so long.

    Whoever waits for the rest of its body is told that it ended; True when that was done.
    """
    try:
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            if connection.getpeername()[0] not in addresses:
                return False
            told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            (silent_ms,) = struct.unpack_from("I", told, LAST_DATA_RECEIVED)
            if silent_ms < silent_s * 1000:
                return False
            connection.shutdown(socket.SHUT_RD)
    except (OSError, IndexError):  # no socket, not connected, or gone meanwhile
        return False
    return True
