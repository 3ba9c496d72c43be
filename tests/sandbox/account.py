"""An account of the sandbox to call in tests, with a clock that stands still."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.api.call import Blob, Call, Upload
from sandbox.api.desk import answer
from sandbox.clock import Clock
from sandbox.options import Options
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


@dataclass
class Account:
    """Calls travel as over HTTP, only without the wire."""

    options: Options = OPTIONS
    machine: Machine = field(default_factory=Machine)

    def __post_init__(self) -> None:
        self.world = World(self.options, Store(None), Clock(None, self.machine))
        rows = self.world.people.add_many(5, [], following=True)
        self.openids = [row["openid"] for row in rows]
        self.anna = self.openids[0]
        self.token = self.stable()["access_token"]

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
        self, path: str, body: bytes = b"", method: str = "POST", **more: Any
    ) -> dict[str, Any]:
        query = {"access_token": self.token, **more.pop("query", {})}
        result = answer(self.world, Call(method, path, query, body, **more))
        assert not isinstance(result, Blob)
        return result

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.raw(path, json.dumps(body, ensure_ascii=False).encode())

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self.raw(path, method="GET", query=query)

    def code(self, path: str, body: dict[str, Any]) -> int:
        return int(self.post(path, body).get("errcode", 0))

    def stable(self, **more: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": self.options.app_id}
        body |= {"secret": self.options.app_secret, **more}
        call = Call("POST", "/cgi-bin/stable_token", {}, json.dumps(body).encode())
        return dict(answer(self.world, call))  # type: ignore[arg-type]

    def classic(self, **more: str) -> dict[str, Any]:
        query = {"grant_type": "client_credential", "appid": self.options.app_id}
        query |= {"secret": self.options.app_secret, **more}
        return dict(answer(self.world, Call("GET", "/cgi-bin/token", query)))  # type: ignore[arg-type]

    def text(self, openid: str | None = None, content: str = "您好") -> int:
        body = {"touser": openid or self.anna, "msgtype": "text", "text": {"content": content}}
        return self.code(SEND, body)

    def upload(self, kind: str = "image", data: bytes = b"\x89PNG") -> dict[str, Any]:
        file = Upload("a.png", "image/png", data)
        return self.raw("/cgi-bin/media/upload", upload=file, query={"type": kind})

    def notice(self, path: str, template: str, **more: Any) -> dict[str, Any]:
        values = {
            name: {"value": value} for name, value in {**GOOD, **more.pop("data", {})}.items()
        }
        body = {"touser": self.anna, "template_id": template, "data": values, **more}
        return self.post(path, body)

    def chat(self, openid: str | None = None) -> list[dict[str, Any]]:
        return self.world.phones.chat(openid or self.anna)
