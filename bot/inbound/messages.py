"""What arrived from WeChat, typed and frozen: the one shape of a message inside the house."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})

# What opens a window for 客服消息, and which (developers.weixin.qq.com, api_sendcustommessage).
MENU_TRIGGERS = frozenset({"click", "scancode_push", "scancode_waitmsg"})


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event.

    kind: text image voice video shortvideo location link miniprogrampage event unknown.
    key: the identity under which WeChat repeats it, 32 hexadecimal characters; whatever a
    handler writes carries it. text: Content, or what was recognised of a voice message.
    event, when kind is `event`: lower case. event_key: button key, page address, or the scene
    of a QR code without `qrscene_`. menu_id: set when the text came from a tapped menu message.
    job_id, status: of the *JOBFINISH events. data: everything else by WeChat's own names, read
    lists in it with `rows`.
    """

    kind: str
    openid: str
    account: str
    created_at: int
    key: str
    text: str = ""
    event: str = ""
    event_key: str = ""
    menu_id: str = ""
    media_id: str = ""
    thumb_media_id: str = ""
    format: str = ""
    pic_url: str = ""
    title: str = ""
    description: str = ""
    url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    label: str = ""
    ticket: str = ""
    job_id: str = ""
    status: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING, repr=False)

    @property
    def trigger(self) -> str:
        """Which 客服消息 window this opens: message menu_message menu subscribe scan, or none."""
        if self.kind != "event":
            return "menu_message" if self.menu_id else "message"
        if self.event in MENU_TRIGGERS:
            return "menu"
        return self.event if self.event in ("subscribe", "scan") else ""


def identity(openid: str, *parts: object) -> str:
    """The key of a message: person and MsgId; of an event: person, time, event, event key."""
    text = "\n".join((openid, *map(str, parts)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def rows(message: Inbound, *path: str) -> list[Mapping[str, Any]]:
    """The rows of a list inside `data`, e.g. rows(m, "SubscribeMsgPopupEvent", "List").

    WeChat's XML gives one row as an element and several as a repeated one: both come out as a
    list. Nothing there, or something that is no row: an empty list.
    """
    value: Any = message.data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    found = value if isinstance(value, list) else [value]
    return [row for row in found if isinstance(row, Mapping)]
