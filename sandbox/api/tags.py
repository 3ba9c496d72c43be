"""Tags and the blacklist.

developers.weixin.qq.com/doc/service/api/usermanage/tag
"""

from typing import Any

from sandbox.api.call import OK, Answer, Call, part_of
from sandbox.rules.errors import WechatError
from sandbox.store import Row
from sandbox.world import World

FIRST_ID = 100  # 0, 1 and 2 are WeChat's own


def create(world: World, call: Call) -> Answer:
    """A new tag."""
    name = checked_name(world, part_of(call.json(), "tag").get("name"))
    if world.store.count("SELECT count(*) FROM tags") >= world.rules["tags.most"]:
        raise WechatError(45056)
    number = world.store.count("SELECT max(id) FROM tags") + 1
    number = max(number, FIRST_ID)
    world.store.run("INSERT INTO tags (id, name) VALUES (?, ?)", number, name)
    return {"tag": {"id": number, "name": name}}


def listing(world: World, call: Call) -> Answer:
    """Every tag and how many carry it."""
    rows = world.store.all(
        "SELECT t.id, t.name, count(g.openid) AS n FROM tags t "
        "LEFT JOIN tagged g ON g.tag = t.id GROUP BY t.id"
    )
    return {"tags": [{"id": row["id"], "name": row["name"], "count": row["n"]} for row in rows]}


def rename(world: World, call: Call) -> Answer:
    """Another name."""
    asked = part_of(call.json(), "tag")
    tag = own_tag(world, asked.get("id"))
    name = checked_name(world, asked.get("name"))
    world.store.run("UPDATE tags SET name = ? WHERE id = ?", name, tag["id"])
    return OK


def delete(world: World, call: Call) -> Answer:
    """Gone, and taken off everybody."""
    tag = own_tag(world, part_of(call.json(), "tag").get("id"))
    fans = world.store.count("SELECT count(*) FROM tagged WHERE tag = ?", tag["id"])
    if fans > world.rules["tags.fans"]:
        raise WechatError(45057)
    world.store.run("DELETE FROM tagged WHERE tag = ?", tag["id"])
    world.store.run("DELETE FROM tags WHERE id = ?", tag["id"])
    return OK


def put(world: World, call: Call) -> Answer:
    """Tag up to fifty people."""
    body = call.json()
    tag = own_tag(world, body.get("tagid"))
    people = batch_of(world, body)
    for openid in people:
        has = world.store.all("SELECT tag FROM tagged WHERE openid = ?", openid)
        others = [row for row in has if row["tag"] != tag["id"]]
        if len(others) >= world.rules["tags.per_person"]:
            raise WechatError(45059)
    world.store.many(
        "INSERT OR IGNORE INTO tagged VALUES (?, ?)", [(tag["id"], openid) for openid in people]
    )
    return OK


def take(world: World, call: Call) -> Answer:
    """Take a tag off up to fifty people."""
    body = call.json()
    tag = own_tag(world, body.get("tagid"))
    people = batch_of(world, body)
    world.store.many(
        "DELETE FROM tagged WHERE tag = ? AND openid = ?",
        [(tag["id"], openid) for openid in people],
    )
    return OK


def of_person(world: World, call: Call) -> Answer:
    """The tags of one person."""
    person = world.people.known(call.json().get("openid"))
    rows = world.store.all("SELECT tag FROM tagged WHERE openid = ? ORDER BY tag", person["openid"])
    return {"tagid_list": [row["tag"] for row in rows]}


def members(world: World, call: Call) -> Answer:
    """The people of a tag, in pages."""
    body: dict[str, Any] = call.json() if call.body else dict(call.query)
    tag = own_tag(world, body.get("tagid"))
    start = body.get("next_openid")
    after = world.people.known(start)["number"] if start else 0
    rows = world.store.all(
        "SELECT f.openid FROM tagged t JOIN followers f ON f.openid = t.openid "
        "WHERE t.tag = ? AND f.number > ? ORDER BY f.number LIMIT ?",
        tag["id"],
        after,
        world.rules["users.page"],
    )
    openids = [row["openid"] for row in rows]
    page: Answer = {"count": len(openids), "next_openid": openids[-1] if openids else ""}
    return {**page, "data": {"openid": openids}} if openids else page


def block(world: World, call: Call) -> Answer:
    """batchblacklist."""
    return set_blacklist(world, call, 1)


def unblock(world: World, call: Call) -> Answer:
    """batchunblacklist."""
    return set_blacklist(world, call, 0)


def blocked(world: World, call: Call) -> Answer:
    """getblacklist."""
    rows = world.store.all("SELECT openid FROM followers WHERE blacklisted = 1 ORDER BY number")
    openids = [row["openid"] for row in rows]
    page = {"total": len(openids), "count": len(openids), "next_openid": ""}
    return {**page, "data": {"openid": openids}} if openids else page


def set_blacklist(world: World, call: Call, value: int) -> Answer:
    """Put people on the blacklist or take them off."""
    world.store.many(
        "UPDATE followers SET blacklisted = ? WHERE openid = ?",
        [(value, openid) for openid in batch_of(world, call.json())],
    )
    return OK


def batch_of(world: World, body: dict[str, Any]) -> list[str]:
    """openid_list, at most fifty. Raises 40035, 49003 for somebody else's follower."""
    asked = body.get("openid_list")
    if not isinstance(asked, list) or not 0 < len(asked) <= world.rules["tags.batch"]:
        raise WechatError(40035)
    try:
        return [world.people.known(openid)["openid"] for openid in asked]
    except WechatError:
        raise WechatError(49003) from None


def own_tag(world: World, number: object) -> Row:
    """A tag of ours. Raises 45058 for WeChat's, 45159 unknown."""
    if isinstance(number, str) and number.isascii() and number.isdigit():
        number = int(number)
    if not isinstance(number, int):
        raise WechatError(45159)
    if number <= world.rules["tags.system"]:
        raise WechatError(45058)
    row = world.store.one("SELECT * FROM tags WHERE id = ?", number)
    if row is None:
        raise WechatError(45159)
    return row


def checked_name(world: World, name: object) -> str:
    """A name. Raises 45157 empty or taken, 45158 too long."""
    if not isinstance(name, str) or not name.strip():
        raise WechatError(45157)
    if len(name.encode()) > world.rules["tags.name_bytes"]:
        raise WechatError(45158)
    if world.store.one("SELECT 1 FROM tags WHERE name = ?", name):
        raise WechatError(45157)
    return name
