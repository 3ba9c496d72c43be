"""A WeChat that only counts: 30 ms to every answer, so that the sender is what is measured."""

import asyncio
import sys
from typing import ClassVar

LATENCY_S = 0.03


class Answering(asyncio.Protocol):
    """Keep-alive HTTP/1.1, requests with a Content-Length, a canned answer each."""

    accepted = 0
    people: ClassVar[set[bytes]] = set()

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._out = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            _, _, rest = head.partition(b"content-length:")
            size = end + 4 + int(rest.split(b"\r\n")[0] or 0)
            if len(self._buffer) < size:
                return
            path, body = head.split(b" ", 2)[1], self._buffer[end + 4 : size]
            self._buffer = self._buffer[size:]
            asyncio.get_running_loop().call_later(LATENCY_S, self._answer, path, body)

    def _answer(self, path: bytes, asked: bytes) -> None:
        if path.startswith(b"/cgi-bin/stable_token"):
            body = b'{"access_token":"T","expires_in":7200}'
        elif path.startswith(b"/count"):
            body = b'{"accepted":%d,"people":%d}' % (Answering.accepted, len(Answering.people))
        elif b"/message/" not in path:
            body = b'{"errcode":0,"errmsg":"ok"}'
        else:
            Answering.accepted += 1
            Answering.people.add(asked.partition(b'"touser":"')[2].partition(b'"')[0])
            body = b'{"errcode":0,"errmsg":"ok","msgid":%d}' % Answering.accepted
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        if not self._out.is_closing():
            self._out.write(head % len(body) + body)  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(
        Answering, "127.0.0.1", port, backlog=1_000
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
