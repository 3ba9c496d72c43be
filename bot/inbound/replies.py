"""What we may answer in the reply to a callback, and its XML, rendered here and nowhere else."""

import re
from dataclasses import dataclass

from bot.inbound.messages import Inbound
from core.wording import cut

TEXT_LIMIT_BYTES = (
    2048  # not in WeChat's pages; measured by users, above it the fault text is shown
)
ARTICLES_TO_MESSAGE = 1  # more than one article answers events only (WeChat, 2018-10-12)
ARTICLES_TO_EVENT = 8
# XML 1.0 has no place for these, and half a surrogate pair has no place in UTF-8.
UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """Words; `<a href>` and line breaks are allowed. Over 2048 bytes it is cut at a character."""

    content: str


@dataclass(frozen=True, slots=True)
class Image:
    media_id: str


@dataclass(frozen=True, slots=True)
class Voice:
    media_id: str


@dataclass(frozen=True, slots=True)
class Video:
    media_id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Music:
    thumb_media_id: str
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    description: str = ""
    picture_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """Articles: the first goes out in reply to a message, up to eight in reply to an event."""

    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hands the person to WeChat's 客服; `account` names one, empty: any."""

    account: str = ""


Reply = Text | Image | Voice | Video | Music | News | Transfer


def render(reply: Reply, message: Inbound, now_s: int, longer: str) -> str:
    """The reply's XML, from the account to the person. `longer` ends a text that was cut.

    An empty text or a list without articles renders as '': WeChat would show its fault text.
    """
    kind, body = _body(reply, message, longer)
    if not body:
        return ""
    return (
        f"<xml><ToUserName>{cdata(message.openid)}</ToUserName>"
        f"<FromUserName>{cdata(message.account)}</FromUserName>"
        f"<CreateTime>{now_s}</CreateTime><MsgType>{cdata(kind)}</MsgType>{body}</xml>"
    )


def _body(reply: Reply, message: Inbound, longer: str) -> tuple[str, str]:
    match reply:
        case Text(content):
            words = cut(sayable(content), TEXT_LIMIT_BYTES, longer)
            return "text", element("Content", words) if words.strip() else ""
        case News(articles):
            most = ARTICLES_TO_EVENT if message.kind == "event" else ARTICLES_TO_MESSAGE
            return "news", _articles(articles[:most])
        case Image(media_id):
            return "image", f"<Image>{element('MediaId', media_id)}</Image>"
        case Voice(media_id):
            return "voice", f"<Voice>{element('MediaId', media_id)}</Voice>"
        case Video():
            return "video", f"<Video>{_video(reply)}</Video>"
        case Music():
            return "music", f"<Music>{_music(reply)}</Music>"
        case Transfer(account):
            return "transfer_customer_service", _transfer(account)


def _articles(articles: tuple[Article, ...]) -> str:
    items = "".join(
        "<item>"
        + element("Title", one.title)
        + element("Description", one.description)
        + element("PicUrl", one.picture_url)
        + element("Url", one.url)
        + "</item>"
        for one in articles
    )
    if not items:
        return ""
    return f"<ArticleCount>{len(articles)}</ArticleCount><Articles>{items}</Articles>"


def _video(video: Video) -> str:
    parts = (("MediaId", video.media_id), ("Title", video.title))
    return _filled((*parts, ("Description", video.description)))


def _music(music: Music) -> str:
    parts = (("Title", music.title), ("Description", music.description), ("MusicUrl", music.url))
    return _filled((*parts, ("HQMusicUrl", music.hq_url), ("ThumbMediaId", music.thumb_media_id)))


def _filled(parts: tuple[tuple[str, str], ...]) -> str:
    return "".join(element(name, text) for name, text in parts if text)


def _transfer(account: str) -> str:
    return f"<TransInfo>{element('KfAccount', account)}</TransInfo>" if account else "<TransInfo/>"


def element(name: str, text: str) -> str:
    return f"<{name}>{cdata(sayable(text))}</{name}>"


def cdata(text: str) -> str:
    """Text safe inside XML: a closing mark in it is split over two sections."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def sayable(text: str) -> str:
    """Text without the characters XML or UTF-8 cannot carry; line breaks and tabs stay."""
    return UNSAYABLE.sub("", text)
