"""Followers: the list in pages of 10 000, one, or a hundred.

developers.weixin.qq.com/doc/service/api/usermanage/userinfo
"""

from typing import Any

from sandbox.api.call import OK, Answer, Call
from sandbox.rules.errors import WechatError
from sandbox.store import Row
from sandbox.world import World


def listing(world: World, call: Call) -> Answer:
    """user/get: after next_openid; `data` is absent where the page is empty."""
    after = 0
    start = call.query.get("next_openid")
    if start:
        after = world.people.known(start)["number"]
    rows = world.store.all(
        "SELECT openid FROM followers WHERE following = 1 AND number > ? ORDER BY number LIMIT ?",
        after,
        world.rules["users.page"],
    )
    openids = [row["openid"] for row in rows]
    page: Answer = {"total": world.people.following(), "count": len(openids)}
    if openids:
        page["data"] = {"openid": openids}
    return {**page, "next_openid": openids[-1] if openids else ""}


def info(world: World, call: Call) -> Answer:
    """user/info: little more than whether the person follows."""
    return described(world, world.people.known(call.query.get("openid")))


def batch(world: World, call: Call) -> Answer:
    """user/info/batchget: up to a hundred."""
    asked = call.json().get("user_list")
    if not isinstance(asked, list) or not 0 < len(asked) <= world.rules["users.batch"]:
        raise WechatError(40035)
    people = [
        world.people.known(one.get("openid") if isinstance(one, dict) else None) for one in asked
    ]
    return {"user_info_list": [described(world, person) for person in people]}


def remark(world: World, call: Call) -> Answer:
    """user/info/updateremark."""
    body = call.json()
    person = world.people.known(body.get("openid"))
    world.store.run(
        "UPDATE followers SET remark = ? WHERE openid = ?",
        str(body.get("remark", "")),
        person["openid"],
    )
    return OK


def described(world: World, person: Row) -> dict[str, Any]:
    """One follower without nickname and picture, as since 2021."""
    if not person["following"]:
        return {"subscribe": 0, "openid": person["openid"]}
    tags = world.store.all("SELECT tag FROM tagged WHERE openid = ? ORDER BY tag", person["openid"])
    scene = person["qr_scene"]
    return {
        "subscribe": 1,
        "openid": person["openid"],
        "nickname": "",
        "headimgurl": "",
        "language": "zh_CN",
        "subscribe_time": person["subscribed_at"],
        "remark": person["remark"],
        "groupid": tags[0]["tag"] if tags else 0,
        "tagid_list": [row["tag"] for row in tags],
        "subscribe_scene": person["scene"],
        "qr_scene": int(scene) if scene.isascii() and scene.isdigit() else 0,
        "qr_scene_str": "" if scene.isdigit() else scene,
    }
