"""群发: accepted now, sent in a moment, reported by MASSSENDJOBFINISH.

developers.weixin.qq.com/doc/subscription/guide/product/message/Batch_Sends
"""

import json
from typing import Any

from sandbox.api.call import OK, Answer, Call, part_of, text_of
from sandbox.api.custom import check_media, check_text
from sandbox.rules.errors import WechatError
from sandbox.world import World

REAL_SPEED = (80, 60, 45, 30, 10)  # ten thousands a minute


def send(world: World, call: Call) -> Answer:
    """To a list of 2 to 10 000 openids."""
    body = call.json()
    openids = body.get("touser")
    if not isinstance(openids, list) or len(set(map(str, openids))) < world.rules["mass.least"]:
        raise WechatError(40130)
    if len(openids) > world.rules["mass.most"]:
        raise WechatError(40032)
    people = [world.people.known(openid)["openid"] for openid in openids]
    return accept(world, body, {"openids": list(dict.fromkeys(people))})


def send_all(world: World, call: Call) -> Answer:
    """To everybody, or to a tag."""
    body = call.json()
    target = part_of(body, "filter")
    if target.get("is_to_all") is True:
        return accept(world, body, {"all": True})
    tag = target.get("tag_id")
    if not world.store.one("SELECT 1 FROM tags WHERE id = ?", tag):
        raise WechatError(-1)
    return accept(world, body, {"tag": tag})


def preview(world: World, call: Call) -> Answer:
    """One message to one person, no quota but the preview's own."""
    body = call.json()
    person = world.people.reachable(body.get("touser"))
    kind, content = checked(world, body)
    world.phones.show(person["openid"], "out", "preview", kind, content)
    return {**OK, "msg_id": world.store.next_id()}


def status(world: World, call: Call) -> Answer:
    """mass/get: SENDING, SEND_SUCCESS, SEND_FAIL or DELETE."""
    row = world.store.one("SELECT * FROM masses WHERE msg_id = ?", call.json().get("msg_id"))
    if row is None:
        raise WechatError(40035)
    shown = "SENDING" if row["status"] == "CONFIRMING" else row["status"]
    return {"msg_id": row["msg_id"], "msg_status": shown}


def delete(world: World, call: Call) -> Answer:
    """mass/delete."""
    body = call.json()
    if not world.store.changed(
        "UPDATE masses SET status = 'DELETE' WHERE msg_id = ?", body.get("msg_id")
    ):
        raise WechatError(40035)
    return OK


def speed(world: World, call: Call) -> Answer:
    """mass/speed/get: 0 the quickest, 4 the slowest, and ten thousands of messages a minute."""
    return speed_answer(int(world.store.kept("mass.speed", 0)))


def set_speed(world: World, call: Call) -> Answer:
    """mass/speed/set. Raises 45083 for anything but 0 to 4."""
    asked = call.json().get("speed")
    if not isinstance(asked, int) or not 0 <= asked <= world.rules["mass.speed"]:
        raise WechatError(45083)
    world.store.keep("mass.speed", asked)
    return OK


def speed_answer(number: int) -> Answer:
    return {"speed": number, "realspeed": REAL_SPEED[number]}


def accept(world: World, body: dict[str, Any], target: dict[str, Any]) -> Answer:
    """Check id, content and quota; the answer means accepted, not delivered."""
    kind, content = checked(world, body)
    own = body.get("clientmsgid")
    check_own_id(world, own)
    check_quota(world, to_all=bool(target.get("all")))
    msg_id = world.store.next_id()
    now = world.clock.now()
    if own:
        world.store.run("INSERT OR REPLACE INTO given VALUES ('mass', ?, ?, ?)", own, now, msg_id)
    waits = bool(target.get("all") and world.setting("confirm_mass"))
    world.store.run(
        "INSERT INTO masses (msg_id, at, status, target, body) VALUES (?, ?, ?, ?, ?)",
        msg_id,
        now,
        "CONFIRMING" if waits else "SENDING",
        json.dumps(target),
        json.dumps({"kind": kind, "content": content}, ensure_ascii=False),
    )
    delay = world.rules.seconds("mass.confirm_s" if waits else "receipt.delay_s")
    world.later("mass_unconfirmed" if waits else "mass", delay, {"msg_id": msg_id})
    return {**OK, "msg_id": msg_id, "msg_data_id": msg_id + 1}


def check_own_id(world: World, own: object) -> None:
    """Raises 45067 too long, 45066 within a minute, 45065 (and msg_id) within a day."""
    if not own:
        return
    if not isinstance(own, str) or len(own.encode()) > world.rules["mass.id_bytes"]:
        raise WechatError(45067)
    row = world.store.one("SELECT * FROM given WHERE scope = 'mass' AND name = ?", own)
    age = world.clock.now() - row["at"] if row else float("inf")
    if row is None or age >= world.rules.seconds("mass.id_s"):
        return
    if age < world.rules.seconds("mass.id_gap_s"):
        raise WechatError(45066)
    raise WechatError(45065, more={"msg_id": row["msg_id"]})


def check_quota(world: World, *, to_all: bool) -> None:
    """服务号: one to all a day, four a month; 订阅号: one of any kind a day. Raises 45028."""
    midnight = world.clock.moment().replace(hour=0, minute=0, second=0, microsecond=0)
    spans = [(midnight, "mass.all_daily"), (midnight.replace(day=1), "mass.month")]
    if world.setting("account_type") == "subscription":
        spans = [(midnight, "mass.subscription_daily")]
    elif not to_all:
        return
    for since, rule in spans:
        sent = world.store.count(
            "SELECT count(*) FROM masses WHERE at >= ? AND status != 'SEND_FAIL' "
            "AND (? = 'mass.subscription_daily' OR json_extract(target, '$.all') = 1)",
            since.timestamp(),
            rule,
        )
        if sent >= world.rules[rule]:
            raise WechatError(45028)


def checked(world: World, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and content of a mass message; pictures come as `images`."""
    kind = text_of(body, "msgtype", 40008)
    if kind == "text":
        content = part_of(body, "text")
        check_text(world, content)
    elif kind == "image":
        content = part_of(body, "images")
        ids = content.get("media_ids")
        if not isinstance(ids, list) or not ids:
            raise WechatError(40007)
        for media_id in ids:
            check_media(world, {"media_id": media_id})
        content = {"media_id": ids[0], **content}
    elif kind in ("mpnews", "voice", "mpvideo", "wxcard"):
        content = part_of(body, kind)
        text_of(content, "card_id" if kind == "wxcard" else "media_id", 40007)
    else:
        raise WechatError(40008)
    return kind, content
