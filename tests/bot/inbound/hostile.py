"""What an attacker may send: strategies that give one request each, mostly correctly signed."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from bot.inbound.envelope import Key
from bot.inbound.replies import cdata
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


def element(name: str, inner: str, style: str) -> str:
    """One element: well-formed in several ways, or not."""
    match style:
        case "cdata":
            return f"<{name}>{cdata(inner)}</{name}>"
        case "escaped":
            return f"<{name}>{escape(inner)}</{name}>"
        case "attribute":
            return f'<{name} a="1">{escape(inner)}</{name}>'
        case "empty":
            return f"<{name}/>"
        case "open":
            return f"<{name}>{inner}"
    return f"<{name}>{inner}</{name}>"


WHOLE = st.sampled_from(["cdata", "cdata", "cdata", "escaped", "escaped", "attribute", "empty"])
BROKEN = st.sampled_from(["raw", "open"])
AROUND = st.sampled_from(["raw", "raw", "raw", "raw", "open"])


def nested(
    styles: st.SearchStrategy[str], around: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """Elements in elements."""
    return st.recursive(
        st.builds(element, NAMES, WORDS, styles),
        lambda inner: st.builds(element, NAMES, st.lists(inner, max_size=4).map("".join), around),
        max_leaves=12,
    )


def document(
    kind: str, event: str, content: str, extra: list[str], left_out: int, styles: list[str]
) -> str:
    """The fields of a message by a person of its own, one perhaps left out, others added."""
    base = [
        ("ToUserName", ACCOUNT),
        ("FromUserName", f"oHostile{next(PEOPLE)}"),
        ("CreateTime", "1772416800"),
        ("MsgType", kind),
        ("Event", event),
        ("Content", content),
        ("MsgId", str(next(PEOPLE))),
    ]
    if left_out < len(base):
        del base[left_out]
    fields = [element(*pair, style) for pair, style in zip(base, styles, strict=False)]
    return "<xml>" + "".join(fields + extra) + "</xml>"


def documents() -> st.SearchStrategy[str]:
    """XML that is nearly a message: the right fields, then changed, repeated or mixed."""
    good = st.lists(st.sampled_from(["cdata", "escaped"]), min_size=7, max_size=7)
    any_style = st.lists(st.one_of(WHOLE, BROKEN), min_size=7, max_size=7)
    well_formed = st.lists(nested(WHOLE, st.just("raw")), max_size=4)
    whatever = st.lists(nested(st.one_of(WHOLE, BROKEN), AROUND), max_size=4)
    left_out = st.integers(0, 40)
    return st.one_of(
        st.builds(document, KINDS, EVENTS, WORDS, well_formed, st.just(99), good),
        st.builds(document, KINDS, EVENTS, WORDS, well_formed, left_out, good),
        st.builds(document, KINDS, EVENTS, WORDS, whatever, left_out, any_style),
    )


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
RIGHT = st.just(0)
NAMED_LENGTHS = st.one_of(RIGHT, RIGHT, RIGHT, st.integers(0, 400), st.integers(0, 2**32 - 1))
PADS = st.one_of(RIGHT, RIGHT, RIGHT, st.integers(1, 255))
OURS = st.sampled_from([True, True, True, False])
BLOCKS = st.integers(2, 20).flatmap(lambda n: st.binary(min_size=16 * n, max_size=16 * n))
ENDED = st.tuples(BLOCKS, st.integers(1, 32)).map(
    lambda drawn: drawn[0][: -drawn[1]] + bytes([drawn[1]]) * drawn[1]
)
CUTS = st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=6)), min_size=1, max_size=4)
ALMOST_BASE64 = st.text(alphabet="ABCDwxyz0189+/=", max_size=200)
BASE64 = BLOCKS.map(lambda drawn: base64.b64encode(drawn).decode())
PARTS = st.sampled_from(
    ["signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr"]
)
VALUES = st.one_of(WORDS, st.sampled_from(["aes", "raw", "1772416800", "0" * 40]))
METHODS = st.sampled_from(["POST"] * 5 + ["GET"] * 3 + ["PUT", "HEAD", "post", ""])
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
    "any decrypted bytes": by(resealed, st.one_of(st.binary(max_size=400), BLOCKS, ENDED)),
    "wrong layouts": by(laid_out, SALTS, NAMED_LENGTHS, XML, OURS, PADS),
    "any encrypted text": by(signed_encrypted, st.one_of(ALMOST_BASE64, BASE64, BASE64, WORDS)),
    "queries": by(asked, st.dictionaries(PARTS, VALUES), documents(), METHODS),
    "lengths": by(announced, XML, LENGTHS),
}
