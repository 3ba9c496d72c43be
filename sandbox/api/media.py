"""Temporary media: three days.

developers.weixin.qq.com/doc/service/api/material/temporary
"""

import secrets

from sandbox.api.call import Answer, Blob, Call, Upload
from sandbox.rules.errors import WechatError
from sandbox.world import World

KINDS = ("image", "voice", "video", "thumb")


def upload(world: World, call: Call) -> Answer:
    """A file of the field `media`."""
    kind = call.query.get("type", "")
    if kind not in KINDS:
        raise WechatError(40004)
    if call.upload is None:
        raise WechatError(41005)
    if len(call.upload.data) > world.rules[f"media.{kind}_bytes"]:
        raise WechatError(40009)
    media_id = keep(world, kind, call.upload)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: media_id, "created_at": int(world.clock.now())}


def upload_picture(world: World, call: Call) -> Answer:
    """media/uploadimg: a picture for an article, by its address."""
    if call.upload is None:
        raise WechatError(41005)
    media_id = keep(world, "image", call.upload)
    return {"url": f"http://{call.host}/sandbox/media/{media_id}"}


def get(world: World, call: Call) -> Answer | Blob:
    """The bytes; a video's address instead. Raises 40007 after three days."""
    row = world.store.one(
        "SELECT * FROM media WHERE media_id = ? AND at > ?",
        call.query.get("media_id", ""),
        world.clock.now() - world.rules.seconds("media.keep_s"),
    )
    if row is None:
        raise WechatError(40007)
    if row["kind"] == "video":
        return {"video_url": f"http://{call.host}/sandbox/media/{row['media_id']}"}
    return Blob(row["data"], row["content_type"], row["name"])


def keep(world: World, kind: str, upload: Upload) -> str:
    """Remember a file; gives its media_id."""
    media_id = secrets.token_urlsafe(48)
    world.store.run(
        "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?)",
        media_id,
        kind,
        upload.content_type,
        upload.name,
        world.clock.now(),
        upload.data,
    )
    return media_id
