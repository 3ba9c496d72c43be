"""wechatpy knows the kinds of what arrives; its objects and their traps end in this file.

Its parse_message takes 20 of a callback's microseconds and trusts what it reads: no MsgType is a
KeyError, a repeated element a list, one with attributes a dict. So the XML is read here, by the
C parser and without declarations, and wechatpy's table of message classes says what it is.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

from wechatpy.messages import MESSAGE_TYPES

from bot.inbound.messages import Inbound, identity
from bot.inbound.replies import sayable
from bot.inbound.turned_away import TurnedAway

DEEPEST = 8
LONGEST_NUMBER = 20
# Where else the single values of some events stand.
NESTED = {"location_select": "SendLocationInfo", "publishjobfinish": "PublishEventInfo"}


def read(xml: str) -> Inbound:
    """The message inside this XML. Raises TurnedAway 400 for what is no message of WeChat's."""
    data = _fields(xml)
    kind = _word(data, "MsgType").lower()
    if kind == "event":
        return _event(data)
    if not kind:
        raise TurnedAway(400, "no MsgType")
    return _message(kind if kind in MESSAGE_TYPES else "unknown", data)


def parse(xml: str) -> Any:
    """The root of well-formed XML that declares nothing. Raises TurnedAway 400 for other XML."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise TurnedAway(400, "XML with declarations")
    try:
        return ElementTree.fromstring(xml)  # noqa: S314  it declares nothing
    except (ElementTree.ParseError, ValueError) as error:
        raise TurnedAway(400, f"broken XML: {error}"[:300]) from error


def _fields(xml: str) -> dict[str, Any]:
    """The children of the root: text, or dict where there are parts, or list where repeated."""
    root = parse(sayable(xml))
    if root.tag != "xml":
        raise TurnedAway(400, "the root is not xml")
    return _parts(root, 1)


def _parts(parent: Any, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise TurnedAway(400, "elements nested too deep")
    found: dict[str, Any] = {}
    for child in parent:
        name = child.tag
        value = _parts(child, depth + 1) if len(child) else (child.text or "").strip()
        if child.attrib:
            value = {"attributes": True}
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _message(kind: str, data: dict[str, Any]) -> Inbound:
    openid, account, created_at = _envelope(data)
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
        text=_word(data, "Content") or _word(data, "Recognition"),
        menu_id=_word(data, "bizmsgmenuid"),
        media_id=_word(data, "MediaId"),
        thumb_media_id=_word(data, "ThumbMediaId"),
        format=_word(data, "Format"),
        pic_url=_word(data, "PicUrl"),
        title=_word(data, "Title"),
        description=_word(data, "Description"),
        url=_word(data, "Url"),
        latitude=_degrees(data, "Location_X"),
        longitude=_degrees(data, "Location_Y"),
        label=_word(data, "Label"),
        data=MappingProxyType(data),
    )


def _event(data: dict[str, Any]) -> Inbound:
    openid, account, created_at = _envelope(data)
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


def _envelope(data: Mapping[str, Any]) -> tuple[str, str, int]:
    openid, account = _word(data, "FromUserName"), _word(data, "ToUserName")
    for name in (openid, account):
        if not (0 < len(name) <= 64 and name.isascii() and name.isprintable()) or " " in name:
            raise TurnedAway(400, "no sender or no account")
    created = _word(data, "CreateTime")
    if not _is_number(created) or len(created) > 12:
        raise TurnedAway(400, "no CreateTime")
    return openid, account, int(created)


def _word(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name, "")
    if type(value) is not str:
        raise TurnedAway(400, f"{name} stands there twice or with parts")
    return value


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
