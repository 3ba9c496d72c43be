"""模板消息.

developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage
"""

import json
from typing import Any

from sandbox.api.call import OK, Answer, Call, text_of
from sandbox.rules.errors import WechatError
from sandbox.rules.values import check_values
from sandbox.store import Row
from sandbox.world import World

REFUSES, BLOCKED = 1, 2  # what a person may have set for template messages


def send(world: World, call: Call) -> Answer:
    """One notice to one follower; the same client_msg_id within ten minutes is sent once."""
    body = call.json()
    template = find(world, body.get("template_id"), "template")
    person = world.people.reachable(body.get("touser"))
    check_values(template["fields"].split(","), body.get("data"), world.rules["template.value"])
    check_words(world, body["data"])
    if person["blocks"] == REFUSES:
        raise WechatError(43101)
    scope = f"template:{person['openid']}"
    own = body.get("client_msg_id")
    before = given_before(world, scope, own)
    if before:
        return {**OK, "msgid": before}
    msg_id = world.store.next_id()
    if own:
        remember(world, scope, own, msg_id)
    status = "failed:user block" if person["blocks"] == BLOCKED else "success"
    if status == "success":
        shown = card(template, body, msg_id)
        world.phones.show(person["openid"], "out", "template", "template", shown)
    fields = {"MsgID": msg_id, "Status": status}
    receipt(world, "TEMPLATESENDJOBFINISH", person["openid"], fields)
    return {**OK, "msgid": msg_id}


def check_words(world: World, data: dict[str, Any]) -> None:
    """Raises 40249 for a value with a word the account's setting names."""
    said = json.dumps(data, ensure_ascii=False)
    if any(word in said for word in world.setting("blocked_words")):
        raise WechatError(40249)


def remember(world: World, scope: str, own: object, msg_id: int) -> None:
    """The msgid an own id was given, and when."""
    now = world.clock.now()
    world.store.run("INSERT OR REPLACE INTO given VALUES (?, ?, ?, ?)", scope, own, now, msg_id)


def given_before(world: World, scope: str, own: object) -> int:
    """The msgid an own id was given less than ten minutes ago; 0: none."""
    if not own:
        return 0
    since = world.clock.now() - world.rules.seconds("template.dedupe_s")
    return world.store.count(
        "SELECT msg_id FROM given WHERE scope = ? AND name = ? AND at > ?", scope, own, since
    )


def find(world: World, template_id: object, *kinds: str) -> Row:
    """A template of one of the kinds. Raises 40037."""
    row = (
        world.store.one("SELECT * FROM templates WHERE id = ?", template_id)
        if isinstance(template_id, str)
        else None
    )
    if row is None or row["kind"] not in kinds:
        raise WechatError(40037)
    return row


def card(template: Row, body: dict[str, Any], msg_id: int) -> dict[str, Any]:
    """What the phone shows: the template's own fields only, first and remark are dropped."""
    values = {name: body["data"][name] for name in template["fields"].split(",")}
    return {
        "template_id": template["id"],
        "title": template["title"],
        "values": {k: str(v["value"] if isinstance(v, dict) else v) for k, v in values.items()},
        "url": body.get("url") or body.get("page") or "",
        "msgid": str(msg_id),
        "client_msg_id": body.get("client_msg_id") or "",
    }


def receipt(world: World, event: str, openid: str, fields: dict[str, Any]) -> None:
    """Tell the bot in a moment how it went."""
    if world.setting("receipts"):
        body = {"event": event, "openid": openid, "fields": fields}
        world.later("event", world.rules.seconds("receipt.delay_s"), body)


def listing(world: World, call: Call) -> Answer:
    """get_all_private_template."""
    rows = world.store.all("SELECT * FROM templates WHERE kind = 'template'")
    return {
        "template_list": [
            {"template_id": row["id"], "title": row["title"], "content": content(row)}
            for row in rows
        ]
    }


def remove(world: World, call: Call) -> Answer:
    """del_private_template: from now on 40037."""
    template = find(world, text_of(call.json(), "template_id", 40037), "template")
    world.store.run("DELETE FROM templates WHERE id = ?", template["id"])
    return OK


def content(row: Row) -> str:
    """A template's text with its fields, as the listings give it."""
    return "\n".join(f"{name}:{{{{{name}.DATA}}}}" for name in row["fields"].split(","))
