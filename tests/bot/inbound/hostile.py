"""What an attacker may send: strategies that give one request each, mostly correctly signed."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from hypothesis import strategies as st

from bot.inbound.envelope import Key
from tests.bot.inbound.wechat_side import ACCOUNT, WeChatSide

PEOPLE = count(1)
FIELDS = """
ToUserName FromUserName CreateTime MsgType Content MsgId MsgID Event EventKey MediaId PicUrl Format
Recognition Location_X Location_Y Latitude Longitude Label Title Url Status bizmsgmenuid Ticket
Encrypt SendLocationInfo PublishEventInfo ScanCodeInfo List x
"""
MESSAGES = """
text image voice video shortvideo location link miniprogrampage event TEXT Event device_event
device_text hologram
"""
HAPPENINGS = """
subscribe unsubscribe SCAN LOCATION CLICK VIEW location_select PUBLISHJOBFINISH anything
TEMPLATESENDJOBFINISH MASSSENDJOBFINISH subscribe_msg_popup_event kf_switch_session wificonnected
user_info_modified shakearoundusershake
"""
NAMES = st.sampled_from(FIELDS.split())
KINDS = st.sampled_from(MESSAGES.split())
EVENTS = st.sampled_from(HAPPENINGS.split())
NASTY = st.sampled_from(
    [
        "]]>", "]]><MsgType>event</MsgType><![CDATA[", "&", "&lt;", "&#0;", "&#x8;", "&unknown;",
        "<", "<![CDATA[", "<!--", "<?xml?>", "\x00", "\x08", "\x1f", "\ufffe", "\u202e", "😀",
        "𠮷", "nan", "inf", "1e999", "-1", "9" * 30, "0x10", "１２", " ", "\n", "qrscene_",
        "scanbarcode|", "scanimage|a", "${jndi:ldap://x}", "'; DROP TABLE tickets;--", "../../etc",
        "{{7*7}}", "%s%n", "费" * 700,
    ]
)  # fmt: skip
WORDS = st.one_of(NASTY, st.text(max_size=40), st.integers().map(str), KINDS, EVENTS)


@dataclass(frozen=True)
class Request:
    query: dict[str, str]
    body: bytes
    method: str = "POST"
    more: dict[str, Any] | None = None


Attack = Callable[[WeChatSide], Request]


def element(name: str, inner: str, style: int) -> str:
    """One element: raw, in CDATA, with an attribute, empty, or never closed."""
    return (
        f"<{name}>{inner}</{name}>",
        f"<{name}><![CDATA[{inner}]]></{name}>",
        f'<{name} a="1">{inner}</{name}>',
        f"<{name}/>",
        f"<{name}>{inner}",
    )[style]


STYLES = st.sampled_from([0, 0, 1, 1, 1, 1, 2, 3, 4])
ELEMENTS = st.builds(element, NAMES, WORDS, STYLES)
NESTED = st.recursive(
    ELEMENTS,
    lambda inner: st.builds(element, NAMES, st.lists(inner, max_size=4).map("".join), STYLES),
    max_leaves=12,
)


def documents() -> st.SearchStrategy[str]:
    """XML that is nearly a message: the right fields, then changed, repeated or mixed."""

    def build(kind: str, event: str, content: str, extra: list[str], left_out: int) -> str:
        base = [
            f"<ToUserName>{ACCOUNT}</ToUserName>",
            f"<FromUserName>oHostile{next(PEOPLE)}</FromUserName>",
            "<CreateTime>1772416800</CreateTime>",
            f"<MsgType>{kind}</MsgType>",
            f"<Event>{event}</Event>",
            f"<Content><![CDATA[{content}]]></Content>",
            f"<MsgId>{next(PEOPLE)}</MsgId>",
        ]
        if left_out < len(base):
            del base[left_out]
        return "<xml>" + "".join(base) + "".join(extra) + "</xml>"

    extra = st.lists(NESTED, max_size=4)
    return st.builds(build, KINDS, EVENTS, WORDS, extra, st.integers(0, 20))


def shapes() -> st.SearchStrategy[str]:
    """Documents with a shape that costs: deep, wide, entities, long."""
    deep = st.integers(1, 4000).map(lambda n: "<xml>" + "<a>" * n + "</a>" * n + "</xml>")
    wide = st.integers(1, 4000).map(lambda n: "<xml>" + "<Content>a</Content>" * n + "</xml>")
    long = st.integers(1, 70_000).map(lambda n: f"<xml><Content>{'a' * n}</Content></xml>")
    bombs = st.integers(1, 60).map(bomb)
    external = st.sampled_from(
        [
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><xml><Content>&b;</Content></xml>',
            '<!DOCTYPE a SYSTEM "http://localhost/x.dtd"><xml/>',
            '<?xml version="1.0" encoding="utf-16"?><xml/>',
            '<?xml version="1.0" encoding="gb18030"?><xml><a>费</a></xml>',
            '<xml xmlns="u:x" xmlns:y="u:y"><y:MsgType>text</y:MsgType></xml>',
        ]
    )
    return st.one_of(deep, wide, long, bombs, external)


def bomb(levels: int) -> str:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{lines}]><xml><Content>&e{levels - 1};</Content></xml>'


def broken(text: str, cuts: list[tuple[int, bytes]], side: WeChatSide) -> Request:
    """A good request whose body was damaged on the way."""
    query, body = side.safe(clean(text))
    for place, put in cuts:
        at = place % (len(body) + 1)
        body = body[:at] + put + body[at + len(put) :]
    return Request(query, body)


def resealed(raw: bytes, side: WeChatSide) -> Request:
    """Anything at all as the decrypted bytes, encrypted with the right key and signed."""
    plain = raw[: len(raw) // 16 * 16] or b"\x10" * 16
    encryptor = Key.read(side.settings.wechat_aes_key).cipher.encryptor()
    sealed = encryptor.update(plain) + encryptor.finalize()
    return signed_encrypted(base64.b64encode(sealed).decode(), side)


def signed_encrypted(encrypted: str, side: WeChatSide) -> Request:
    """Any text at all as the encrypted part, with a signature that is right."""
    query = side.query(encrypt_type="aes")
    query["msg_signature"] = side.sign(query["timestamp"], query["nonce"], clean(encrypted))
    inside = clean(encrypted).replace("]]>", "")
    return Request(query, f"<xml><Encrypt><![CDATA[{inside}]]></Encrypt></xml>".encode())


def laid_out(
    salt: bytes, length: int, text: str, ours: bool, pad: int, side: WeChatSide
) -> Request:
    """WeChat's layout of the decrypted bytes; its length, app id and padding may be wrong."""
    app_id = side.settings.wechat_app_id if ours else "wxother"
    message = clean(text)[:2_000].encode()
    named = len(message) if length == 0 else length
    plain = salt + named.to_bytes(4, "big") + message + app_id.encode()
    fill = 32 - len(plain) % 32
    return resealed(plain + bytes([pad or fill]) * fill, side)


def plain(text: str, side: WeChatSide) -> Request:
    return Request(side.query(), encode(text))


def sealed(text: str, side: WeChatSide) -> Request:
    return Request(*side.safe(clean(text)))


def mixed(text: str, beside: str, side: WeChatSide) -> Request:
    return Request(*side.compatible(clean(text), clean(beside)))


def raw(body: bytes, side: WeChatSide) -> Request:
    return Request(side.query(), body)


def asked(changes: dict[str, str], text: str, method: str, side: WeChatSide) -> Request:
    return Request({**side.query(), **changes}, encode(text), method)


def announced(text: str, length: str, side: WeChatSide) -> Request:
    return Request(side.query(), encode(text), more={"CONTENT_LENGTH": length})


def encode(text: str) -> bytes:
    return text.encode("utf8", "surrogatepass")


def clean(text: str) -> str:
    """Text that the other side's own code can encrypt."""
    return text.encode("utf8", "ignore").decode()


XML = st.one_of(documents(), documents(), shapes())
SALTS = st.binary(min_size=16, max_size=16)
NAMED_LENGTHS = st.one_of(st.just(0), st.integers(0, 400), st.integers(0, 2**32 - 1))
CUTS = st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=6)), min_size=1, max_size=4)
ALMOST_BASE64 = st.text(alphabet="ABCDwxyz0189+/=", max_size=200)
PARTS = st.sampled_from(
    ["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr"]
)
VALUES = st.one_of(WORDS, st.sampled_from(["aes", "raw", "1772416800", "0" * 40]))
METHODS = st.sampled_from(["POST", "POST", "GET", "PUT", "HEAD", "post", ""])
LENGTHS = st.one_of(st.integers(-5, 10**6).map(str), st.text(max_size=9))


def by(make: Any, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Attack]:
    """`make` with drawn arguments, still to be given the side (whose code draws lots itself)."""
    return st.tuples(*given).map(lambda drawn: partial(make, *drawn))


ATTACKS: dict[str, st.SearchStrategy[Attack]] = {
    "raw bytes": by(raw, st.binary(max_size=600)),
    "plain documents": by(plain, XML),
    "sealed documents": by(sealed, XML),
    "mixed documents": by(mixed, XML, XML),
    "damaged bodies": by(broken, documents(), CUTS),
    "any decrypted bytes": by(resealed, st.binary(max_size=400)),
    "wrong layouts": by(laid_out, SALTS, NAMED_LENGTHS, XML, st.booleans(), st.integers(0, 255)),
    "any encrypted text": by(signed_encrypted, st.one_of(ALMOST_BASE64, WORDS)),
    "queries": by(asked, st.dictionaries(PARTS, VALUES), documents(), METHODS),
    "lengths": by(announced, XML, LENGTHS),
}
