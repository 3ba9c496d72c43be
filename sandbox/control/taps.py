"""What a person does with the phone."""

import base64
import binascii
from typing import Any

from sandbox.api.call import Upload
from sandbox.api.media import keep
from sandbox.callbacks.letters import Letter, event, message
from sandbox.control.wish import BadWish, Body, number, person_of, text, waits
from sandbox.house import House

TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4"}


async def say(house: House, body: Body) -> Body:
    """Type a text, or tap a choice of a menu message (`menu_id`)."""
    person = person_of(house, body, following=True)
    words = text(body, "text")
    if not words:
        raise BadWish("text：不能是空的")
    fields: dict[str, Any] = {"Content": words}
    menu_id = body.get("menu_id")
    if menu_id not in (None, ""):
        fields["bizmsgmenuid"] = str(menu_id)
    via = "tapped" if "bizmsgmenuid" in fields else "typed"
    return await spoken(house, person["openid"], "text", fields, ({"content": words}, via), body)


async def voice(house: House, body: Body) -> Body:
    """Speak: `recognition` is what WeChat understood."""
    person = person_of(house, body, following=True)
    heard = text(body, "recognition", "")
    media_id = stored(house, body, "voice")
    fields: dict[str, Any] = {"MediaId": media_id, "Format": "amr"}
    if house.world.setting("recognition"):
        fields["Recognition"] = heard
    shown = {"media_id": media_id, "recognition": heard}
    return await spoken(house, person["openid"], "voice", fields, (shown, "typed"), body)


async def image(house: House, body: Body) -> Body:
    """Send a picture: `data` is base64, `content_type` its type."""
    person = person_of(house, body, following=True)
    media_id = stored(house, body, "image")
    fields = {"PicUrl": f"{base(house)}/sandbox/media/{media_id}", "MediaId": media_id}
    shown = ({"media_id": media_id}, "typed")
    return await spoken(house, person["openid"], "image", fields, shown, body)


async def video(house: House, body: Body) -> Body:
    """Send a film; `short` for one taken in the chat."""
    person = person_of(house, body, following=True)
    media_id, thumb = stored(house, body, "video"), stored(house, {}, "image")
    kind = "shortvideo" if body.get("short") else "video"
    fields = {"MediaId": media_id, "ThumbMediaId": thumb}
    shown = ({"media_id": media_id}, "typed")
    return await spoken(house, person["openid"], kind, fields, shown, body)


async def location(house: House, body: Body) -> Body:
    """Send a place."""
    person = person_of(house, body, following=True)
    fields = {
        "Location_X": number(body, "latitude"),
        "Location_Y": number(body, "longitude"),
        "Scale": int(number(body, "scale", 15)),
        "Label": text(body, "label", ""),
    }
    shown = {k: body.get(k) for k in ("latitude", "longitude", "label")}
    return await spoken(house, person["openid"], "location", fields, (shown, "typed"), body)


async def link(house: House, body: Body) -> Body:
    """Send a link card."""
    person = person_of(house, body, following=True)
    names = {"title": "Title", "description": "Description", "url": "Url"}
    fields = {tag: text(body, name, "") for name, tag in names.items()}
    shown = ({name: body.get(name, "") for name in names}, "typed")
    return await spoken(house, person["openid"], "link", fields, shown, body)


async def raw_message(house: House, body: Body) -> Body:
    """Any MsgType with any fields, for what the sandbox does not know."""
    person = person_of(house, body)
    fields = body.get("fields") or {}
    if not isinstance(fields, dict):
        raise BadWish("fields：要对象")
    kind = text(body, "kind")
    return await spoken(house, person["openid"], kind, fields, ({"content": kind}, "typed"), body)


async def any_event(house: House, body: Body) -> Body:
    """Any event: {"event": "CLICK", "fields": {"EventKey": "…"}}."""
    person = person_of(house, body)
    fields = body.get("fields") or {}
    if not isinstance(fields, dict):
        raise BadWish("fields：要对象")
    letter = event(house.world, person["openid"], text(body, "event"), fields)
    return await sent(house, letter, None, body)


async def again(house: House, body: Body) -> Body:
    """Bring a letter of the log once more, with its MsgId."""
    row = house.postman.row(int(number(body, "callback")))
    if "plain" not in row:
        raise BadWish("没有这条推送", 404)
    return await sent(house, Letter(row["openid"], row["kind"], row["plain"]), None, body)


async def spoken(
    house: House, openid: str, kind: str, fields: Body, shown: tuple[Body, str], body: Body
) -> Body:
    """The bubble on the right, then the push."""
    bubble, via = shown
    place = house.world.phones.show(openid, "in", via, kind, bubble)
    return await sent(house, message(house.world, openid, kind, fields), place, body)


async def sent(house: House, letter: Letter, place: int | None, body: Body) -> Body:
    """The outcome: {"message", "callback", "reply"}; the reply is what the phone shows, or null."""
    outcome = await house.send(letter, wait=waits(body))
    reply = outcome.pop("shown", None)
    return {"openid": letter.openid, "message": place, "callback": outcome, "reply": reply}


def stored(house: House, body: Body, kind: str) -> str:
    """Keep what came as base64; gives the media_id. Raises BadWish."""
    try:
        data = base64.b64decode(str(body.get("data") or ""), validate=True)
    except binascii.Error:
        raise BadWish("data：要 base64") from None
    if len(data) > house.world.rules[f"media.{kind}_bytes"]:
        raise BadWish("文件太大", 413)
    given = str(body.get("content_type") or TYPES[kind])
    safe = given if given.startswith(f"{kind}/") and "svg" not in given else TYPES[kind]
    return keep(house.world, kind, Upload(f"{kind}.bin", safe, data))


def base(house: House) -> str:
    """The sandbox's own address."""
    host = house.world.options.bind
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{house.world.options.port}"
