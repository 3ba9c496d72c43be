"""wechatpy parses what arrives; its objects and their traps end in this file.

parse_message trusts what it reads: no MsgType is a KeyError, a repeated element a list, one with
attributes a dict, an empty one None; it rewrites the Event of a scanned subscription, and int()
takes 1_000 and full-width digits. So XML with declarations is turned away before it, whatever it
raises becomes a 400, and its typed fields are only taken where they are plain words.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from wechatpy.events import SubscribeScanEvent
from wechatpy.messages import MESSAGE_TYPES
from wechatpy.parser import parse_message

from bot.inbound.messages import Inbound, identity
from bot.inbound.replies import sayable
from bot.inbound.turned_away import TurnedAway

DEEPEST = 8
LONGEST_NUMBER = 20
REFUSALS = (ExpatError, ValueError, KeyError, TypeError, AttributeError)
# Where else the single values of some events stand.
NESTED = {"location_select": "SendLocationInfo", "publishjobfinish": "PublishEventInfo"}
# Ours → wechatpy's, for those fields that wechatpy's class of a message has.
FIELDS = {
    "text": "content",
    "media_id": "media_id",
    "thumb_media_id": "thumb_media_id",
    "format": "format",
    "pic_url": "image",
    "title": "title",
    "description": "description",
    "url": "url",
    "label": "label",
}
TYPED = {
    kind: [(ours, theirs) for ours, theirs in FIELDS.items() if theirs in cls._fields]
    for kind, cls in MESSAGE_TYPES.items()
}
TYPED["voice"].append(("text", "recognition"))


def read(xml: str) -> Inbound:
    """The message inside this XML. Raises TurnedAway 400 for what is no message of WeChat's."""
    clean = sayable(xml)
    refuse_declarations(clean)
    try:
        message = parse_message(clean)
        parts = message._data.items()
    except REFUSALS as error:
        raise TurnedAway(400, f"no message of WeChat's: {error!r}"[:300]) from error
    data = _tidy(parts, 1)
    kind = _word(data, "MsgType").lower()
    if kind == "event":
        return _event(message, data)
    if not kind:
        raise TurnedAway(400, "no MsgType")
    return _message(kind if kind in MESSAGE_TYPES else "unknown", message, data)


def refuse_declarations(xml: str) -> None:
    """Raises TurnedAway 400 for XML that declares anything, such as entities."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise TurnedAway(400, "XML with declarations")


def parse(xml: str) -> Any:
    """The root of the envelope's XML, well-formed and without declarations, else TurnedAway 400."""
    refuse_declarations(xml)
    try:
        return ElementTree.fromstring(xml)  # noqa: S314  it declares nothing
    except (ElementTree.ParseError, ValueError) as error:
        raise TurnedAway(400, f"broken XML: {error}"[:300]) from error


def _tidy(parts: Iterable[tuple[str, Any]], depth: int) -> dict[str, Any]:
    """The same parts with an empty element as empty words. Raises TurnedAway 400 when too deep."""
    if depth > DEEPEST:
        raise TurnedAway(400, "elements nested too deep")
    return {name: _tidied(value, depth) for name, value in parts}


def _tidied(value: Any, depth: int) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, Mapping):
        return _tidy(value.items(), depth + 1)
    return [_tidied(one, depth) for one in value] if isinstance(value, list) else ""


def _message(kind: str, message: Any, data: dict[str, Any]) -> Inbound:
    openid, account, created_at = _envelope(message, data)
    if kind == "text" and "Content" not in data:
        raise TurnedAway(400, "text without Content")
    number = _word(data, "MsgId") or _word(data, "MsgID")
    if kind == "unknown" and not number:
        number = f"{created_at} {_word(data, 'MsgType')}"
    elif not _is_number(number):
        raise TurnedAway(400, "message without a MsgId")
    return Inbound(
        kind,
        openid,
        account,
        created_at,
        identity(openid, number),
        menu_id=_word(data, "bizmsgmenuid"),  # wechatpy has no field for it
        latitude=_degrees(data, "Location_X"),
        longitude=_degrees(data, "Location_Y"),
        data=MappingProxyType(data),
        **{ours: _plain(getattr(message, theirs), theirs) for ours, theirs in TYPED.get(kind, ())},
    )


def _event(message: Any, data: dict[str, Any]) -> Inbound:
    openid, account, created_at = _envelope(message, data)
    if isinstance(message, SubscribeScanEvent):  # wechatpy rewrote what WeChat calls subscribe
        data["Event"] = "subscribe"
    name = _word(data, "Event").lower()
    if not name:
        raise TurnedAway(400, "event without a name")
    inner = data.get(NESTED.get(name, ""), data)
    if not isinstance(inner, Mapping):
        inner = data
    key = _word(data, "EventKey").removeprefix("qrscene_")
    job = _word(data, "MsgID") or _word(data, "MsgId") or _word(inner, "publish_id")
    return Inbound(
        "event",
        openid,
        account,
        created_at,
        identity(openid, created_at, name, key, job),
        event=name,
        event_key=key,
        ticket=_word(data, "Ticket"),
        job_id=job,
        status=_word(data, "Status") or _word(inner, "publish_status"),
        latitude=_degrees(inner, "Latitude", "Location_X"),
        longitude=_degrees(inner, "Longitude", "Location_Y"),
        label=_word(inner, "Label"),
        data=MappingProxyType(data),
    )


def _envelope(message: Any, data: Mapping[str, Any]) -> tuple[str, str, int]:
    openid, account = _plain(message.source, "source"), _plain(message.target, "target")
    for name in (openid, account):
        if not (0 < len(name) <= 64 and name.isascii() and name.isprintable()) or " " in name:
            raise TurnedAway(400, "no sender or no account")
    created = _word(data, "CreateTime")
    if not _is_number(created) or len(created) > 12:
        raise TurnedAway(400, "no CreateTime")
    return openid, account, int(created)


def _plain(value: Any, name: str) -> str:
    """A typed field of wechatpy's; empty when the message lacks it."""
    if value is None:
        return ""
    if type(value) is not str:
        raise TurnedAway(400, f"{name} stands there twice or with parts")
    return value


def _word(data: Mapping[str, Any], name: str) -> str:
    return _plain(data.get(name), name)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _degrees(data: Mapping[str, Any], *names: str) -> float | None:
    for name in names:
        text = _word(data, name)
        if text:
            try:
                degrees = float(text)
            except ValueError as error:
                raise TurnedAway(400, f"{name} is no number") from error
            if not -360 <= degrees <= 360:
                raise TurnedAway(400, f"{name} is no place")
            return degrees
    return None
