"""A little WeChat over real HTTP for contract tests: it keeps what came and fails when told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "the-secret"


@dataclass
class Seen:
    """One call as it came."""

    method: str
    path: str
    query: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else {}


Rule = Callable[[Seen], Any]


@dataclass
class WechatServer:
    """`rule` may answer a call: a dict is the JSON, "reset" breaks the line, a number is a status,
    and bytes are a file. None: as usual."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    tokens: int = 0
    valid: set[str] = field(default_factory=set)
    rule: Rule = lambda _seen: None
    token_delay_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def calls(self, path: str) -> list[Seen]:
        return [one for one in self.seen if one.path == path]

    def answer(self, seen: Seen) -> Any:
        with self.lock:
            self.seen.append(seen)
        ruled = self.rule(seen)
        if ruled is not None:
            return ruled
        if seen.path == "/cgi-bin/stable_token":
            return self._token(seen)
        if seen.query.get("access_token") not in self.valid and not seen.path.startswith("/sns"):
            return {"errcode": 40001, "errmsg": "invalid credential rid: 6a-01-ff"}
        return CANNED.get(seen.path, {"errcode": 0, "errmsg": "ok"})

    def _token(self, seen: Seen) -> Any:
        if self.token_delay_s:
            time.sleep(self.token_delay_s)
        if seen.body["secret"] != SECRET:
            return {"errcode": 40001, "errmsg": "invalid secret rid: 6a-02-ff"}
        with self.lock:
            self.tokens += 1
            token = f"token-{self.tokens}"
            self.valid = {token}
        return {"access_token": token, "expires_in": 7200}


CANNED: dict[str, Any] = {
    "/cgi-bin/message/template/send": {"errcode": 0, "errmsg": "ok", "msgid": 77},
    "/cgi-bin/message/mass/send": {"errcode": 0, "errmsg": "ok", "msg_id": 88},
    "/cgi-bin/user/get": {"total": 1, "count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"},
    "/cgi-bin/user/info": {"subscribe": 1, "openid": "o1"},
    "/cgi-bin/user/info/batchget": {"user_info_list": [{"openid": "o1"}]},
    "/cgi-bin/tags/get": {"tags": [{"id": 100, "name": "x"}]},
    "/cgi-bin/tags/create": {"tag": {"id": 101, "name": "x"}},
    "/cgi-bin/qrcode/create": {"ticket": "a/b", "url": "http://weixin.qq.com/q/1"},
    "/cgi-bin/getcallbackip": {"ip_list": ["127.0.0.1"]},
    "/sns/oauth2/access_token": {"access_token": "x", "openid": "o1", "scope": "snsapi_base"},
}


class Server(ThreadingHTTPServer):
    """Takes hundreds of connections at once."""

    request_queue_size = 512
    daemon_threads = True


@contextmanager
def wechat_at_work() -> Iterator[WechatServer]:
    """Serve on a free port until the block ends."""
    wechat = WechatServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = wechat.answer(Seen(self.command, parts.path, query, raw))
            if answer == "reset":
                self.close_connection = True
                self.connection.close()
                return
            status = answer if isinstance(answer, int) else 200
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            kind = "image/jpeg" if isinstance(answer, bytes) else "application/json"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, ValueError, OSError):
                self.close_connection = True

    server = Server(("127.0.0.1", 0), Handler)
    wechat.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield wechat
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
