"""A working WeChat in memory: keeps what would have gone out and answers like the real one."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.outbound import calls
from bot.outbound.calls import Request
from bot.outbound.client import Media
from bot.outbound.errors import WechatError, error_of
from bot.outbound.verbs import Verbs, openid_in

Rule = Callable[[Request], Mapping[str, Any] | WechatError | None]


@dataclass
class FakeWechat(Verbs):
    """`sent` holds every accepted request in order; `rule` may answer first (None: as usual)."""

    sent: list[Request] = field(default_factory=list)
    rule: Rule | None = None
    people: list[str] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    tagged: dict[int, set[str]] = field(default_factory=dict)
    tag_names: dict[str, int] = field(default_factory=dict)
    _keys: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _serial: int = 0

    def perform(self, request: Request) -> Mapping[str, Any]:
        with self._lock:
            answer = self._answer(request)
        error = error_of(answer, request.call.name)
        if error is not None:
            raise error
        return answer

    def download(self, media_id: str) -> Media:
        media = self.media.get(media_id)
        if media is None:
            raise WechatError(40007, "invalid media_id", call="media")
        return media

    def openid_of(self, code: str) -> str:
        return openid_in(self.perform(Request(calls.OAUTH, query={"code": code})))

    def texts(self, openid: str) -> list[str]:
        """The chat texts one person has had."""
        return [
            str(request.body["text"]["content"])
            for request in self.sent
            if request.call is calls.CUSTOM and request.body["touser"] == openid
        ]

    def _answer(self, request: Request) -> Mapping[str, Any]:
        ruled = self.rule(request) if self.rule else None
        if isinstance(ruled, WechatError):
            raise ruled
        if ruled is not None:
            return ruled
        if request.call.key_field:
            return self._keep_once(request)
        self.sent.append(request)
        return self._plain(request)

    def _keep_once(self, request: Request) -> Mapping[str, Any]:
        key = str(request.body.get(request.call.key_field, ""))
        identity = (request.call.name, str(request.body.get("touser")), key)
        msg_id = self._keys.get(identity) if key else None
        if msg_id is None:
            self._serial += 1
            msg_id = self._serial
            self._keys[identity] = msg_id
            self.sent.append(request)
        elif request.call in (calls.MASS, calls.MASS_ALL):
            return {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": msg_id}
        name = "msg_id" if request.call in (calls.MASS, calls.MASS_ALL) else "msgid"
        return {"errcode": 0, "errmsg": "ok", name: msg_id}

    def _plain(self, request: Request) -> Mapping[str, Any]:
        if request.call is calls.FOLLOWERS:
            return self._page(request.query.get("next_openid", ""))
        if request.call is calls.OAUTH:
            return {"openid": request.query["code"]}
        if request.call.name.startswith("tag"):
            return self._tags(request)
        if request.call is calls.QR_CREATE:
            return {"ticket": "ticket", "url": "http://weixin.qq.com/q/fake"}
        return {"errcode": 0, "errmsg": "ok"}

    def _tags(self, request: Request) -> Mapping[str, Any]:
        if request.call is calls.TAG_CREATE:
            name = str(request.body["tag"]["name"])
            if name in self.tag_names:
                return {"errcode": 45157, "errmsg": "invalid tag name"}
            number = self.tag_names[name] = 100 + len(self.tag_names)
            self.tagged[number] = set()
            return {"tag": {"id": number, "name": name}}
        if request.call is calls.TAGS:
            return {"tags": [{"id": n, "name": name} for name, n in self.tag_names.items()]}
        people = self.tagged.get(int(request.body["tagid"]))
        if people is None:
            return {"errcode": 45159, "errmsg": "invalid tag id"}
        if request.call is calls.TAG_MEMBERS:
            return {"count": len(people), "data": {"openid": sorted(people)}}
        named = set(request.body["openid_list"])
        change = people.update if request.call is calls.TAG_PEOPLE else people.difference_update
        change(named)
        return {"errcode": 0, "errmsg": "ok"}

    def _page(self, after: str) -> Mapping[str, Any]:
        start = self.people.index(after) + 1 if after else 0
        page = self.people[start : start + 10_000]
        answer: dict[str, Any] = {"total": len(self.people), "count": len(page)}
        if page:
            answer |= {"data": {"openid": page}, "next_openid": page[-1]}
        return answer
