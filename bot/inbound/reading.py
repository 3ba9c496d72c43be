"""wechatpy parses and sorts what arrives; its objects and their traps end in this file.

Closed here: no MsgType or no root (KeyError), broken XML (ExpatError), entities (ValueError),
a repeated element becomes a list and one with attributes a dict, control characters, any depth.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from wechatpy import parse_message

from bot.inbound.messages import Inbound, identity
from bot.inbound.replies import sayable
from bot.inbound.turned_away import TurnedAway

DEEPEST = 8
LONGEST_NUMBER = 20
RENAMED = {"subscribe_scan": "subscribe", "subscribe_scan_product": "subscribe"}  # by wechatpy
# Where else the single values of some events stand.
NESTED = {"location_select": "SendLocationInfo", "publishjobfinish": "PublishEventInfo"}


def read(xml: str) -> Inbound:
    """The message inside this XML. Raises TurnedAway 400 for what is no message of WeChat's."""
    try:
        parsed = parse_message(sayable(xml))
        found: dict[str, Any] = parsed._data
        data = {name: _tidy(value, 1) for name, value in found.items()}
    except TurnedAway:
        raise
    except Exception as error:  # whatever wechatpy, xmltodict and Expat may raise
        raise TurnedAway(400, f"broken message: {type(error).__name__}: {error}"[:300]) from error
    kind = "event" if data["MsgType"].lower() == "event" else parsed.type
    if kind == "event":
        return _event(data)
    return _message(kind, data)


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
    name = RENAMED.get(name, name)
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


def _tidy(value: Any, depth: int) -> Any:
    """Strings, lists and dicts only; an empty element is ''."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if depth > DEEPEST:
        raise TurnedAway(400, "elements nested too deep")
    if isinstance(value, list):
        return [_tidy(one, depth + 1) for one in value]
    return {name: _tidy(one, depth + 1) for name, one in value.items()}
