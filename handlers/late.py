"""An answer that overran the five seconds reaches the person as a 客服消息."""

from typing import Any

from bot.inbound.replies import Image, Music, News, Reply, Text, Video, Voice
from bot.outbound.client import Wechat


def tell_late(wechat: Wechat, openid: str, reply: Reply) -> None:
    """Send `reply` outside the callback. Raises errors.WechatError."""
    if isinstance(reply, Text):
        wechat.send_text(openid, reply.content)
        return
    body = custom_body(reply)
    if body is not None:
        wechat.send_custom(openid, body)


def custom_body(reply: Reply) -> dict[str, Any] | None:
    """The body of a 客服消息 (message/custom/send); None for what only a callback can answer."""
    match reply:
        case Image(media_id):
            return {"msgtype": "image", "image": {"media_id": media_id}}
        case Voice(media_id):
            return {"msgtype": "voice", "voice": {"media_id": media_id}}
        case Video(media_id, title, description):
            video = {"media_id": media_id, "title": title, "description": description}
            return {"msgtype": "video", "video": video}
        case Music():
            music = {"title": reply.title, "description": reply.description}
            links = {"musicurl": reply.url, "hqmusicurl": reply.hq_url}
            thumb = {"thumb_media_id": reply.thumb_media_id}
            return {"msgtype": "music", "music": {**music, **links, **thumb}}
        case News(articles) if articles:
            first = articles[0]
            texts = {"title": first.title, "description": first.description}
            article = {**texts, "url": first.url, "picurl": first.picture_url}
            return {"msgtype": "news", "news": {"articles": [article]}}
    return None
