"""An account of the sandbox to call over HTTP, with a clock that stands still."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.__main__ import make_request
from sandbox.callbacks.transport import HttpTransport
from sandbox.clock import Clock
from sandbox.house import House
from sandbox.options import Options
from sandbox.server import Server
from sandbox.store import Store
from sandbox.world import World

NOON = 1772424000.0  # 2 March 2026, 12:00 in China
OPTIONS = Options(app_id="wx5a4d0b0c5a4d0b0c", app_secret="the-secret", token="AAAAA")
SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
GOOD = {"thing1": "市级预算公开", "thing2": "预决算", "time3": "2026年3月2日"}


@dataclass
class Machine:
    """The machine's clock."""

    moment: float = NOON

    def __call__(self) -> float:
        return self.moment


@dataclass(frozen=True)
class Heard:
    """What came back over the wire."""

    status: int
    headers: Mapping[str, str]
    data: bytes


@dataclass
class Account:
    """A sandbox that listens, and a caller of it, in one thread: a test may look into its world."""

    options: Options = OPTIONS
    machine: Machine = field(default_factory=Machine)

    def __post_init__(self) -> None:
        self.world = World(self.options, Store(None), Clock(None, self.machine))
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._listen())
        rows = self.world.people.add_many(5, [], following=True)
        self.openids = [row["openid"] for row in rows]
        self.anna = self.openids[0]
        self.token = self.stable()["access_token"]

    async def _listen(self) -> None:
        server = Server(House(self.world, HttpTransport()))
        front = web.Server(server.handle, request_factory=make_request, access_log=None)
        self._runner = web.ServerRunner(front, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        self._wire = aiohttp.ClientSession(f"http://127.0.0.1:{self._port}")

    def close(self) -> None:
        """Hang up."""
        self._loop.run_until_complete(self._wire.close())
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()
        self.world.store.close()

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Any = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Heard:
        """One request over the wire. `query` goes as it is; no redirect is followed."""

        async def go() -> Heard:
            async with self._wire.request(
                method,
                path,
                params=query,
                data=body or None,
                headers=headers,
                allow_redirects=False,
            ) as got:
                return Heard(got.status, got.headers, await got.read())

        return self._loop.run_until_complete(go())

    def later(self, seconds: float) -> None:
        self.machine.moment += seconds

    def much_later(self, seconds: float) -> None:
        """Later, with a token of that time."""
        self.later(seconds)
        self.token = self.stable()["access_token"]

    def rules(self, **numbers: float) -> None:
        self.world.rules.change({name.replace("__", "."): n for name, n in numbers.items()})

    def setting(self, name: str, value: Any) -> None:
        self.world.store.keep(f"setting.{name}", value)

    def raw(
        self,
        path: str,
        body: Any = b"",
        method: str = "POST",
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        heard = self.ask(method, path, {"access_token": self.token, **(query or {})}, body)
        assert heard.status == 200
        return dict(json.loads(heard.data))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.raw(path, json.dumps(body, ensure_ascii=False).encode())

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self.raw(path, method="GET", query=query)

    def code(self, path: str, body: dict[str, Any]) -> int:
        return int(self.post(path, body).get("errcode", 0))

    def stable(self, **more: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": self.options.app_id}
        body |= {"secret": self.options.app_secret, **more}
        heard = self.ask("POST", "/cgi-bin/stable_token", {}, json.dumps(body).encode())
        return dict(json.loads(heard.data))

    def classic(self, **more: str) -> dict[str, Any]:
        query = {"grant_type": "client_credential", "appid": self.options.app_id}
        query |= {"secret": self.options.app_secret, **more}
        return dict(json.loads(self.ask("GET", "/cgi-bin/token", query).data))

    def text(self, openid: str | None = None, content: str = "您好") -> int:
        body = {"touser": openid or self.anna, "msgtype": "text", "text": {"content": content}}
        return self.code(SEND, body)

    def upload(self, kind: str = "image", data: bytes = b"\x89PNG") -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", data, filename="a.png", content_type="image/png")
        return self.raw("/cgi-bin/media/upload", form, query={"type": kind})

    def notice(self, path: str, template: str, **more: Any) -> dict[str, Any]:
        values = {
            name: {"value": value} for name, value in {**GOOD, **more.pop("data", {})}.items()
        }
        body = {"touser": self.anna, "template_id": template, "data": values, **more}
        return self.post(path, body)

    def chat(self, openid: str | None = None) -> list[dict[str, Any]]:
        return self.world.phones.chat(openid or self.anna)
