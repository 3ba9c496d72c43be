"""The callback, in front of Flask: everything that is not `/wechat` is passed through untouched."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from bot.inbound.answering import Answering, Served
from bot.inbound.budget import BUDGET_S
from bot.inbound.envelope import Envelope, Key, encrypted_part
from bot.inbound.messages import Inbound
from bot.inbound.pipeline import SUCCESS, Late, Pipeline
from bot.inbound.reading import read
from bot.inbound.replies import Reply, render
from bot.inbound.request import Query, read_body
from bot.inbound.turned_away import TurnedAway
from core.clock import Clock
from core.errors import incident_number
from core.logs import get_log
from core.metrics import CALLBACK_SECONDS, counted
from core.redis_store import RedisStore
from core.settings import Settings

PATH = "/wechat"
FRESH_S = 10 * 60
ECHO_MOST = 256
STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    403: "403 Forbidden",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
}
PLAIN = "text/plain; charset=utf-8"
XML = "application/xml; charset=utf-8"

C = TypeVar("C", bound=Served)
StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Edge(Generic[C]):
    """A WSGI application: `/wechat` answered here, the rest by `pages`."""

    def __init__(
        self,
        pages: Wsgi,
        settings: Settings,
        redis: RedisStore,
        clock: Clock,
        answering: Answering[C],
        late: Late,
        *,
        pipeline: Pipeline[C] | None = None,
        budget_s: float = BUDGET_S,
    ) -> None:
        self._pages = pages
        self._clock = clock
        self._budget_s = budget_s
        self._words = answering.words
        self._envelope = Envelope(
            settings.wechat_token,
            settings.wechat_app_id,
            settings.wechat_aes_key,
            settings.wechat_aes_key_previous,
        )
        self._pipeline = pipeline or Pipeline(redis, answering, late)
        self._warned_plain = not settings.wechat_aes_key

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != PATH:
            return self._pages(environ, start_response)
        began = time.monotonic()
        try:
            status, result, body = self._serve(environ, began)
        except TurnedAway as away:
            get_log("inbound").warning("callback turned away", status=away.status, why=away.why)
            status, result = away.status, str(away.status)
            body = STATUS[status].encode()
        except Exception:
            number = incident_number()
            get_log("inbound").exception("the edge failed", incident=number)
            status, result, body = 200, "failed", SUCCESS
        counted(result).inc()
        CALLBACK_SECONDS.observe(time.monotonic() - began)
        kind = XML if body.startswith(b"<xml>") else PLAIN
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        headers.append(("X-Content-Type-Options", "nosniff"))
        if status == 405:
            headers.append(("Allow", "GET, POST"))
        start_response(STATUS[status], headers)
        return [body]

    def close(self) -> None:
        """Finish what is at work; called once, when the process ends."""
        self._pipeline.close()

    def _serve(self, environ: dict[str, Any], began: float) -> tuple[int, str, bytes]:
        method = environ.get("REQUEST_METHOD")
        if method not in ("GET", "POST"):
            raise TurnedAway(405, f"method {method}")
        query = Query.read(environ.get("QUERY_STRING") or "")
        if not self._envelope.signed(query.signature, query.timestamp, query.nonce):
            raise TurnedAway(403, "bad signature: is WECHAT_TOKEN the one of WeChat's console?")
        now = self._clock.now()
        now_s = int(now.timestamp())
        require_fresh(query.timestamp, now_s)
        if method == "GET":
            return 200, "verified", echo(query.echostr)
        message, key = self._open(query, read_body(environ))

        def finish(reply: "Reply | None") -> bytes:  # quoted: worked out at each call otherwise
            xml = render(reply, message, now_s, self._words.longer) if reply else ""
            if xml and key:
                xml = self._envelope.seal(xml, key, query.nonce, now_s)
            return xml.encode() or SUCCESS

        result, body = self._pipeline.run(message, now, finish, began + self._budget_s)
        return 200, result, body

    def _open(self, query: Query, body: bytes) -> tuple[Inbound, Key | None]:
        """The message, and the key that opened it (None in 明文 mode, answered in the clear)."""
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise TurnedAway(400, "the body is not UTF-8") from error
        if not query.sealed:
            return self._open_plain(text), None
        encrypted = encrypted_part(text)
        signed = (query.timestamp, query.nonce, encrypted)
        if not self._envelope.signed(query.msg_signature, *signed):
            raise TurnedAway(403, "bad msg_signature")
        xml, key = self._envelope.open(encrypted)
        return read(xml), key

    def _open_plain(self, text: str) -> Inbound:
        message = read(text)
        if "Encrypt" in message.data:
            raise TurnedAway(400, "an encrypted body without encrypt_type")
        if not self._warned_plain:
            self._warned_plain = True
            get_log("inbound").warning(
                "a callback came unencrypted: choose 安全模式 in WeChat's console, its signature "
                "does not cover the body"
            )
        return message


def require_fresh(timestamp: str, now_s: int) -> None:
    """Raises TurnedAway 403 for a timestamp more than 10 minutes off, saying which clock is off."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise TurnedAway(403, "the timestamp is not a number")
    ahead_s = now_s - int(timestamp)
    if abs(ahead_s) > FRESH_S:
        side = "ahead of" if ahead_s > 0 else "behind"
        raise TurnedAway(
            403,
            f"our clock is {abs(ahead_s)} s {side} the callback's (ours {now_s}, the callback's "
            f"{timestamp}): set this machine's clock right, or the request is an old one",
        )


def echo(echostr: str) -> bytes:
    """The body that proves to WeChat who we are. Raises TurnedAway 400 without one."""
    if not (0 < len(echostr) <= ECHO_MOST and echostr.isascii() and echostr.isprintable()):
        raise TurnedAway(400, "no echostr")
    return echostr.encode()
