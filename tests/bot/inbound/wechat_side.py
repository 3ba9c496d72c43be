"""The other side of the callback: signs and encrypts with wechatpy's code, not with ours."""

import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import xmltodict
from wechatpy.crypto import WeChatCrypto

from core.settings import Settings

NUMBERS = count(9_000_000_000_000_001)
OPENID = "oCitizen00000000000000000001"
ACCOUNT = "gh_bureau"


def text_xml(content: str = "你好", **fields: Any) -> str:
    """A text message; fields replace or, given None, remove those of the default."""
    base = {"MsgType": "text", "Content": content, "MsgId": str(next(NUMBERS))}
    return message_xml(**{**base, **fields})


def event_xml(event: str, **fields: Any) -> str:
    return message_xml(**{"MsgType": "event", "Event": event, **fields})


def message_xml(**fields: Any) -> str:
    envelope = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": "1772416800"}
    kept = {name: value for name, value in {**envelope, **fields}.items() if value is not None}
    return xmltodict.unparse({"xml": kept}, full_document=False)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class WeChatSide:
    """Builds requests as WeChat does and opens what comes back."""

    settings: Settings
    now_s: int
    aes_key: str = ""
    nonces: Any = field(default_factory=lambda: count(1))

    @property
    def crypto(self) -> WeChatCrypto:
        key = self.aes_key or self.settings.wechat_aes_key
        return WeChatCrypto(self.settings.wechat_token, key, self.settings.wechat_app_id)

    def sign(self, *parts: str) -> str:
        text = "".join(sorted((self.settings.wechat_token, *parts)))
        return hashlib.sha1(text.encode()).hexdigest()

    def query(self, **more: str) -> dict[str, str]:
        timestamp, nonce = str(self.now_s), f"nonce{next(self.nonces)}"
        signature = self.sign(timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce, **more}

    def plain(self, xml: str) -> tuple[dict[str, str], bytes]:
        return self.query(), xml.encode()

    def safe(self, xml: str) -> tuple[dict[str, str], bytes]:
        query, encrypted = self._encrypted(xml)
        return query, f"<xml><ToUserName>{ACCOUNT}</ToUserName>{encrypted}</xml>".encode()

    def compatible(self, xml: str, beside: str = "") -> tuple[dict[str, str], bytes]:
        """Encrypt beside the plain fields; `beside` puts other plain fields there."""
        query, encrypted = self._encrypted(xml)
        plain = (beside or xml).removesuffix("</xml>")
        return query, f"{plain}{encrypted}</xml>".encode()

    def _encrypted(self, xml: str) -> tuple[dict[str, str], str]:
        query = self.query(encrypt_type="aes")
        sealed = self.crypto.encrypt_message(xml, query["nonce"], query["timestamp"])
        inside = xmltodict.parse(sealed)["xml"]
        query["msg_signature"] = inside["MsgSignature"]
        return query, f"<Encrypt><![CDATA[{inside['Encrypt']}]]></Encrypt>"

    def open(self, answer: Answer) -> dict[str, Any]:
        """The fields of a reply, encrypted or not."""
        outer = xmltodict.parse(answer.text)["xml"]
        if "Encrypt" not in outer:
            return dict(outer)
        signed = (outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
        return dict(xmltodict.parse(self.crypto.decrypt_message(outer, *signed))["xml"])


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def call(
    app: Wsgi, query: dict[str, str], body: bytes = b"", method: str = "POST", **more: Any
) -> Answer:
    """One request straight into a WSGI callable."""
    given: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        given.update(status=int(status[:3]), headers=dict(headers))

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/wechat",
        "QUERY_STRING": urlencode(query),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **more,
    }
    parts = app(environ, start_response)
    return Answer(given["status"], given["headers"], b"".join(parts))
