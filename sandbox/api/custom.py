"""客服消息.

developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

from collections.abc import Callable
from typing import Any

from sandbox.api.call import OK, Answer, Call, part_of, text_of
from sandbox.rules.errors import WechatError
from sandbox.world import World

Check = Callable[[World, dict[str, Any]], None]


def send(world: World, call: Call) -> Answer:
    """One message to one person whose window is open."""
    body = call.json()
    person = world.people.known(body.get("touser"))
    kind, content = checked(world, body)
    if not person["following"]:
        raise WechatError(45015)
    if person["blacklisted"]:
        raise WechatError(43019)
    world.windows.use(person["openid"])
    world.phones.show(person["openid"], "out", "custom", kind, content)
    return OK


def typing(world: World, call: Call) -> Answer:
    """正在输入."""
    body = call.json()
    person = world.people.reachable(body.get("touser"))
    if body.get("command") not in ("Typing", "CancelTyping"):
        raise WechatError(45072)
    world.windows.check(person["openid"])
    return OK


def checked(world: World, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and content of a message. Raises what is wrong with it."""
    kind = body.get("msgtype")
    if not isinstance(kind, str) or kind not in KINDS:
        raise WechatError(40008)
    content = part_of(body, kind)
    KINDS[kind](world, content)
    return kind, content


def check_text(world: World, content: dict[str, Any]) -> None:
    """Raises 44004 empty, 45002 too long in UTF-8."""
    text = text_of(content, "content", 44004)
    if len(text.encode()) > world.rules["custom.text_bytes"]:
        raise WechatError(45002)


def check_media(world: World, content: dict[str, Any]) -> None:
    """Raises 40007 for an unknown or outdated media_id."""
    media_id = text_of(content, "media_id", 40007)
    oldest = world.clock.now() - world.rules.seconds("media.keep_s")
    if not world.store.one("SELECT 1 FROM media WHERE media_id = ? AND at > ?", media_id, oldest):
        raise WechatError(40007)


def check_news(world: World, content: dict[str, Any]) -> None:
    """Raises 45008 unless there is exactly one article."""
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != world.rules["custom.articles"]:
        raise WechatError(45008)
    if not all(isinstance(article, dict) for article in articles):
        raise WechatError(47001)


def check_menu(world: World, content: dict[str, Any]) -> None:
    """Raises 40035 without choices, 40200 for an account that is not certified."""
    if not world.setting("certified"):
        raise WechatError(40200)
    choices = content.get("list")
    if not isinstance(choices, list) or not choices:
        raise WechatError(40035)
    for choice in choices:
        if not isinstance(choice, dict) or not choice.get("id") or not choice.get("content"):
            raise WechatError(40035)


def needs(name: str) -> Check:
    """A check that a field is there: 40035."""

    def check(world: World, content: dict[str, Any]) -> None:
        text_of(content, name, 40035)

    return check


KINDS: dict[str, Check] = {
    "text": check_text,
    "image": check_media,
    "voice": check_media,
    "video": check_media,
    "music": needs("thumb_media_id"),
    "news": check_news,
    "mpnews": needs("media_id"),
    "mpnewsarticle": needs("article_id"),
    "msgmenu": check_menu,
    "wxcard": needs("card_id"),
    "miniprogrampage": needs("pagepath"),
}
