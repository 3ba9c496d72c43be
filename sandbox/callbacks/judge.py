"""Is the answer to a push one that WeChat would show?

developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from sandbox.callbacks.crypto import same, sign
from sandbox.callbacks.letters import Letter
from sandbox.world import World

FAULT_TEXT = "该公众号提供的服务出现故障，请稍后再试"
Fields = dict[str, Any]


class Unfit(Exception):
    """The reply cannot be shown; the sentence says why, for the developer."""


@dataclass(slots=True)
class Verdict:
    """kind is empty for `success` or nothing; problem is empty when all is well."""

    problem: str = ""
    kind: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    plain: str = ""


def judge(world: World, letter: Letter, status: int, raw: bytes) -> Verdict:
    """Look at what came back."""
    verdict = Verdict()
    try:
        if status != 200:
            raise Unfit(f"HTTP {status}")
        if raw.strip() in (b"", b"success"):
            verdict.plain = raw.decode()
            return verdict
        verdict.plain = opened(world, decoded(raw))
        fields = parsed(verdict.plain)
        check_users(world, letter, fields)
        verdict.kind, verdict.body = content(world, letter, fields)
    except Unfit as wrong:
        verdict.problem = str(wrong)
    return verdict


def decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Unfit("回复不是 UTF-8") from None


def parsed(text: str) -> Fields:
    """The elements under <xml>."""
    try:
        fields = xmltodict.parse(text)["xml"]
    except (ExpatError, KeyError, ValueError, TypeError):
        raise Unfit("回复不是 XML") from None
    if not isinstance(fields, dict):
        raise Unfit("回复的 <xml> 里没有字段")
    return fields


def opened(world: World, text: str) -> str:
    """The plain reply of an answer that may be, must be or must not be encrypted."""
    mode = world.setting("mode")
    fields = parsed(text)
    if "Encrypt" not in fields:
        if mode == "safe":
            raise Unfit("安全模式下回复没有加密")
        return text
    if mode == "plain":
        raise Unfit("明文模式下回复是加密的")
    parts = [str(fields.get(name) or "") for name in ("TimeStamp", "Nonce", "Encrypt")]
    if not same(sign(world.options.token, *parts), str(fields.get("MsgSignature") or "")):
        raise Unfit("回复的 MsgSignature 不对")
    try:
        return world.sealer.open(parts[2])
    except ValueError as wrong:
        raise Unfit(f"回复解不开：{wrong}") from None


def check_users(world: World, letter: Letter, fields: Fields) -> None:
    """The two users must have changed places."""
    if fields.get("ToUserName") != letter.openid:
        raise Unfit("回复的 ToUserName 不是这位用户")
    if fields.get("FromUserName") != world.options.account:
        raise Unfit("回复的 FromUserName 不是公众号")
    if not str(fields.get("CreateTime") or "").isdigit():
        raise Unfit("回复的 CreateTime 不是数字")


def content(world: World, letter: Letter, fields: Fields) -> tuple[str, Fields]:
    """Kind and content as the phone shows them."""
    kind = fields.get("MsgType")
    if not isinstance(kind, str) or kind not in READERS:
        raise Unfit(f"回复的 MsgType 不认识：{kind}")
    return kind, READERS[kind](world, letter, fields)


def read_text(world: World, letter: Letter, fields: Fields) -> Fields:
    text = fields.get("Content")
    if not isinstance(text, str) or not text:
        raise Unfit("文本回复的 Content 是空的")
    size, most = len(text.encode()), world.rules["reply.text_bytes"]
    if size > most:
        raise Unfit(f"文本回复 {size} 字节，超过 {most}")
    return {"content": text}


def read_news(world: World, letter: Letter, fields: Fields) -> Fields:
    articles = part(fields, "Articles").get("item")
    items = articles if isinstance(articles, list) else [articles]
    if str(fields.get("ArticleCount")) != str(len(items)):
        raise Unfit("ArticleCount 与篇数不符")
    most = world.rules["reply.event_articles" if letter.is_event else "reply.articles"]
    if len(items) > most:
        raise Unfit(f"图文 {len(items)} 篇，这里最多 {most} 篇")
    return {"articles": [article(item) for item in items]}


def article(item: Any) -> Fields:
    if not isinstance(item, dict):
        raise Unfit("图文没有字段")
    names = {"Title": "title", "Description": "description", "PicUrl": "picurl", "Url": "url"}
    return {ours: str(item.get(tag) or "") for tag, ours in names.items()}


def media(name: str) -> Callable[[World, Letter, Fields], Fields]:
    """A reader of replies that carry a MediaId."""

    def read(world: World, letter: Letter, fields: Fields) -> Fields:
        inner = part(fields, name)
        if not inner.get("MediaId"):
            raise Unfit(f"{name} 没有 MediaId")
        return {"media_id": inner["MediaId"], "title": inner.get("Title") or ""}

    return read


def read_music(world: World, letter: Letter, fields: Fields) -> Fields:
    inner = part(fields, "Music")
    return {"title": inner.get("Title") or "", "url": inner.get("MusicUrl") or ""}


def read_transfer(world: World, letter: Letter, fields: Fields) -> Fields:
    return {}


def part(fields: Fields, name: str) -> Fields:
    inner = fields.get(name)
    if not isinstance(inner, dict):
        raise Unfit(f"回复没有 {name}")
    return inner


READERS: dict[str, Callable[[World, Letter, Fields], Fields]] = {
    "text": read_text,
    "news": read_news,
    "image": media("Image"),
    "voice": media("Voice"),
    "video": media("Video"),
    "music": read_music,
    "transfer_customer_service": read_transfer,
}
