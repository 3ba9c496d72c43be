"""What WeChat pushes, as XML.

developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.world import World

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TALK = ("subscribe", "SCAN", "CLICK", "VIEW", "LOCATION", "location_select", "scancode_push",
        "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin")  # fmt: skip
SHORT_WINDOW = {
    "subscribe": "subscribe",
    "SCAN": "scan",
    "CLICK": "menu",
    "scancode_push": "menu",
    "scancode_waitmsg": "menu",
}
MSG_ID_BASE = 24_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Letter:
    """One push before signing; kind is a MsgType, or `event:` and the event's name."""

    openid: str
    kind: str
    plain: str

    @property
    def in_chat(self) -> bool:
        """Whether the person sees an answer to it, or the fault text."""
        return not self.kind.startswith("event:") or self.kind[6:] in TALK

    @property
    def is_event(self) -> bool:
        """An event rather than a message."""
        return self.kind.startswith("event:")


def message(world: World, openid: str, kind: str, fields: Mapping[str, Any]) -> Letter:
    """A message of the person, with a MsgId; it opens the window its kind opens."""
    trigger = "menu_message" if fields.get("bizmsgmenuid") else "message"
    world.windows.open(openid, trigger)
    body = {**head(world, openid, kind), **fields, "MsgId": MSG_ID_BASE + world.store.next_id()}
    return Letter(openid, kind, to_xml(body))


def event(world: World, openid: str, name: str, fields: Mapping[str, Any]) -> Letter:
    """An event; follow, scan and menu open the short window."""
    if name in SHORT_WINDOW:
        world.windows.open(openid, SHORT_WINDOW[name])
    body = {**head(world, openid, "event"), "Event": name, **fields}
    return Letter(openid, f"event:{name}", to_xml(body))


def head(world: World, openid: str, kind: str) -> dict[str, Any]:
    """The fields every push has."""
    return {
        "ToUserName": world.options.account,
        "FromUserName": openid,
        "CreateTime": int(world.clock.now()),
        "MsgType": kind,
    }


def to_xml(fields: Mapping[str, Any]) -> str:
    """Fields in their order; text in CDATA, numbers bare, lists as repeated elements."""
    return "<xml>" + "".join(element(name, value) for name, value in fields.items()) + "</xml>"


def element(name: str, value: Any) -> str:
    """One field, or several of one name."""
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    if isinstance(value, Mapping):
        inner = "".join(element(key, each) for key, each in value.items())
        return f"<{name}>{inner}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return f"<{name}>{cdata(str(value))}</{name}>"


def cdata(text: str) -> str:
    """Text safe inside XML: forbidden characters gone, a closing mark split over two sections."""
    clean = FORBIDDEN.sub("", text)
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"
