"""Many calls at once: one event loop in a thread, 200 connections, the same table and token."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from yarl import URL

from bot.outbound.calls import Request
from bot.outbound.client import Wechat
from bot.outbound.errors import (
    TOKEN_CODES,
    NotReached,
    OutcomeUnknown,
    WechatError,
    error_of,
)
from bot.outbound.token import TokenStore
from core.metrics import API_CALLS

CONNECTIONS = 200
TIMEOUT_S = 8.0
CONNECT_TIMEOUT_S = 3.0
KEEP_ALIVE_S = 4.0  # shorter than servers': a connection they close mid-send is an unknown outcome
HEADERS = {"Content-Type": "application/json"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
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

    def __init__(self, base_url: str, tokens: TokenStore, connections: int = CONNECTIONS) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._connections = connections
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
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
        if self._session is not None:
            asyncio.run_coroutine_threadsafe(self._session.close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, requests: Sequence[Request], token: str) -> list[Answer]:
        future: Future[list[Answer]] = asyncio.run_coroutine_threadsafe(
            self._all(requests, token), self._loop
        )
        return future.result()

    async def _all(self, requests: Sequence[Request], token: str) -> list[Answer]:
        """All of them, `connections` at a time: a few lines walk one list of work together."""
        session = self._session or self._open()
        addresses: dict[tuple[str, ...], URL] = {}
        answers: list[Answer | None] = [None] * len(requests)
        work = iter(enumerate(requests))

        async def line() -> None:
            for i, request in work:
                url = self._address(addresses, request, token)
                answers[i] = await self._one(session, request, url)

        await asyncio.gather(*(line() for _ in range(min(self._connections // 2, len(requests)))))
        given = [answer for answer in answers if answer is not None]
        count(requests, given)
        return given

    def _open(self) -> aiohttp.ClientSession:
        away = urlsplit(self._base_url).hostname not in LOOPBACK
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections, ttl_dns_cache=60, keepalive_timeout=KEEP_ALIVE_S
            ),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S),
            skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept"),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=away,
        )
        return self._session

    def _address(self, known: dict[tuple[str, ...], URL], request: Request, token: str) -> URL:
        """The whole address; made once for all calls of a batch that share it."""
        path = request.call.path
        key = (path, *map("=".join, request.query.items()))
        if key not in known:
            query = urlencode({"access_token": token, **request.query})
            known[key] = URL(f"{self._base_url}{path}?{query}", encoded=True)
        return known[key]

    async def _one(self, session: aiohttp.ClientSession, request: Request, url: URL) -> Answer:
        call = request.call
        body = encode(request.body) if call.method == "POST" else None
        try:
            async with session.request(
                call.method, url, data=body, headers=HEADERS, allow_redirects=False
            ) as response:
                answer = read(response.status, await response.read(), call.name)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            answer = NotReached(0, "no connection", call=call.name)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            answer = OutcomeUnknown(0, type(error).__name__, call=call.name)
        return answer


def encode(body: Mapping[str, Any]) -> bytes:
    r"""UTF-8 JSON as WeChat wants it: no \uXXXX (40033)."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


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
