"""QR codes with a scene.

developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode
"""

import base64
import io
import secrets
from typing import Any

import segno

from sandbox.api.call import Answer, Blob, Call, part_of
from sandbox.rules.errors import WechatError
from sandbox.world import World

SHORTEST_S = 60
FOREVER_S = 3e9
TEMPORARY = ("QR_SCENE", "QR_STR_SCENE")
LASTING = ("QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")


def create(world: World, call: Call) -> Answer:
    """A ticket for a scene."""
    body = call.json()
    action = body.get("action_name")
    if action not in TEMPORARY + LASTING:
        raise WechatError(40053)
    scene = scene_of(
        world, str(action), part_of(part_of(body, "action_info", 40053), "scene", 40053)
    )
    life = body.get("expire_seconds", SHORTEST_S)
    if not isinstance(life, int) or not 0 < life <= world.rules["qr.expire_s"]:
        raise WechatError(40035)
    ticket = "gQ" + base64.urlsafe_b64encode(secrets.token_bytes(66)).decode()
    url = f"http://weixin.qq.com/q/{secrets.token_urlsafe(16)}"
    until = world.clock.now() + (life if action in TEMPORARY else FOREVER_S)
    world.store.run("INSERT INTO scenes VALUES (?, ?, ?, ?)", ticket, scene, until, url)
    answer: Answer = {"ticket": ticket, "url": url}
    return {**answer, "expire_seconds": life} if action in TEMPORARY else answer


def scene_of(world: World, action: str, scene: dict[str, Any]) -> str:
    """The scene as it comes back in EventKey. Raises 40053."""
    if "STR" in action:
        text = scene.get("scene_str")
        if isinstance(text, str) and 0 < len(text) <= world.rules["qr.scene"]:
            return text
        raise WechatError(40053)
    number = scene.get("scene_id")
    most = 100_000 if "LIMIT" in action else 2**32 - 1
    if isinstance(number, int) and 0 < number <= most:
        return str(number)
    raise WechatError(40053)


def show(world: World, call: Call) -> Blob:
    """The picture of a ticket; 404 for an unknown one."""
    row = world.store.one("SELECT url FROM scenes WHERE ticket = ?", call.query.get("ticket", ""))
    if row is None:
        return Blob(b"", "image/png", status=404)
    picture = io.BytesIO()
    segno.make(row["url"]).save(picture, kind="png", scale=10, border=2)
    return Blob(picture.getvalue(), "image/png")
