"""Many calls at once: one event loop in a thread, 200 connections, the same table and token."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlencode

from bot.outbound.calls import Request
from bot.outbound.client import Wechat
from bot.outbound.errors import (
    TOKEN_CODES,
    NotReached,
    OutcomeUnknown,
    WechatError,
    error_of,
)
from bot.outbound.line import Line, LineBroken
from bot.outbound.reach import Reach
from bot.outbound.token import TokenStore
from core.metrics import API_CALLS

CONNECTIONS = 200
TIMEOUT_S = 8.0
CONNECT_TIMEOUT_S = 3.0
OPENING = 16  # handshakes at once: a host's queue of new connections may be short
KEEP_ALIVE_S = 4.0  # shorter than servers': a connection they close mid-send is an unknown outcome
JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Answer = Mapping[str, Any] | WechatError


class OneByOne:
    """Sends through the port, call after call: for fakes and for a handful of messages."""

    def __init__(self, wechat: Wechat) -> None:
        self._wechat = wechat

    def send(self, requests: Sequence[Request]) -> list[Answer]:
        return [self._one(request) for request in requests]

    def close(self) -> None:
        return

    def _one(self, request: Request) -> Answer:
        try:
            return self._wechat.perform(request)
        except WechatError as error:
            return error


class BulkPost:
    """Sends batches from any thread. Answers come in the order of the requests; none is raised."""

    def __init__(
        self,
        base_url: str,
        tokens: TokenStore,
        connections: int = CONNECTIONS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._reach = Reach.of(base_url.rstrip("/"))
        self._tokens = tokens
        self._timeout_s = timeout_s
        self._each = max(connections // 2, 1)
        self._places = asyncio.Semaphore(connections)
        self._opening = asyncio.Semaphore(OPENING)
        self._idle: list[Line] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bulk", daemon=True)
        self._thread.start()

    def send(self, requests: Sequence[Request]) -> list[Answer]:
        """Send them all; those refused for their token once more with a renewed one."""
        try:
            token = self._tokens.current()
        except WechatError as error:
            return [error] * len(requests)
        answers = self._run(requests, token)
        again = [i for i, a in enumerate(answers) if _token_refused(a)]
        if not again:
            return answers
        try:
            renewed = self._tokens.renew(token)
        except WechatError as error:
            second: list[Answer] = [error] * len(again)
        else:
            second = self._run([requests[i] for i in again], renewed)
        for i, answer in zip(again, second, strict=True):
            answers[i] = answer
        return answers

    def close(self) -> None:
        """End the loop and its connections."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _hang_up(self) -> None:
        while self._idle:
            self._idle.pop().close()
        await asyncio.sleep(0)  # the loop closes the sockets in its next turn

    def _run(self, requests: Sequence[Request], token: str) -> list[Answer]:
        future: Future[list[Answer]] = asyncio.run_coroutine_threadsafe(
            self._all(requests, token), self._loop
        )
        return future.result()

    async def _all(self, requests: Sequence[Request], token: str) -> list[Answer]:
        """All of them: half of the lines at most walk one list of work together."""
        answers: list[Answer] = [NotReached(0, "never tried")] * len(requests)
        work = iter(enumerate(requests))
        heads: dict[tuple[str, ...], bytes] = {}
        walkers = min(self._each, len(requests))
        await asyncio.gather(*(self._walk(work, heads, token, answers) for _ in range(walkers)))
        count(requests, answers)
        return answers

    async def _walk(
        self,
        work: Iterator[tuple[int, Request]],
        heads: dict[tuple[str, ...], bytes],
        token: str,
        answers: list[Answer],
    ) -> None:
        """One line takes the next request as soon as it has its answer.

        Where no line can be had it takes no more: what nobody took was surely not sent.
        """
        async with self._places:
            line: Line | None = None
            for i, request in work:
                name = request.call.name
                try:
                    line = line if line and line.is_open else await self._line()
                except (OSError, LineBroken):  # a time-out is an OSError too
                    answers[i] = NotReached(0, "no connection", call=name)
                    return
                try:
                    told = await line.ask(self._written(heads, request, token), self._timeout_s)
                except LineBroken as broken:
                    answers[i] = OutcomeUnknown(0, str(broken), call=name)
                else:
                    answers[i] = read(told.status, told.content, name)
            if line and line.is_open:
                self._idle.append(line)

    async def _line(self) -> Line:
        """A line that is free and fresh, else a new one."""
        oldest = self._loop.time() - KEEP_ALIVE_S
        while self._idle:
            line = self._idle.pop()
            if line.is_open and line.idle_since > oldest:
                return line
            line.close()
        async with self._opening:
            return await self._reach.open(CONNECT_TIMEOUT_S)

    def _written(self, known: dict[tuple[str, ...], bytes], request: Request, token: str) -> bytes:
        """The bytes of a request; the head is made once for all of a batch that share it."""
        call = request.call
        key = (call.path, *map("=".join, request.query.items()))
        head = known.get(key)
        if head is None:
            query = urlencode({"access_token": token, **request.query})
            target = f"{self._reach.prefix}{call.path}?{query}"
            head = f"{call.method} {target} HTTP/1.1\r\n{self._reach.head}".encode()
            known[key] = head
        if call.method == "GET":
            return head + b"\r\n"
        body = encode(request.body)
        return b"%bContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            *(head, len(body)),
            body,
        )


def encode(body: Mapping[str, Any]) -> bytes:
    r"""UTF-8 JSON as WeChat wants it: no \uXXXX (40033)."""
    return JSON.encode(body).encode()


def read(status: int, content: bytes, call: str) -> Answer:
    """An HTTP answer as the answer of the call."""
    if status >= 500:
        return OutcomeUnknown(status, f"HTTP {status}", call=call)
    if status >= 400:
        return WechatError(status, f"HTTP {status}", call=call)
    try:
        answer = json.loads(content)
    except ValueError:
        return OutcomeUnknown(0, "the answer is not JSON", call=call)
    if not isinstance(answer, dict):
        return OutcomeUnknown(0, "the answer is no object", call=call)
    return error_of(answer, call) or answer


def count(requests: Sequence[Request], answers: Sequence[Answer]) -> None:
    """Tell the metrics, once a batch."""
    codes = (answer.code if isinstance(answer, WechatError) else 0 for answer in answers)
    pairs = zip((request.call.name for request in requests), codes, strict=True)
    for (name, code), number in Counter(pairs).items():
        API_CALLS.labels(name, str(code)).inc(number)


def _token_refused(answer: Answer) -> bool:
    return isinstance(answer, WechatError) and answer.code in TOKEN_CODES
