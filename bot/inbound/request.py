"""The HTTP side of a callback: the query taken apart cheaply, the body read within its limit."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote_plus

from bot.inbound.turned_away import TurnedAway

LIMIT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Query:
    """What WeChat puts into the address. A missing one is empty; of a repeated one the last."""

    signature: str
    timestamp: str
    nonce: str
    encrypt_type: str
    msg_signature: str
    echostr: str

    @classmethod
    def read(cls, text: str) -> Self:
        found = dict(part.split("=", 1) for part in text.split("&") if "=" in part)
        if "%" in text or "+" in text:
            found = {name: unquote_plus(value) for name, value in found.items()}
        get = found.get
        return cls(
            get("signature", ""),
            get("timestamp", ""),
            get("nonce", ""),
            get("encrypt_type", ""),
            get("msg_signature", ""),
            get("echostr", ""),
        )

    @property
    def sealed(self) -> bool:
        """True in 兼容 and 安全 mode, False in 明文 mode."""
        return self.encrypt_type == "aes" or bool(self.msg_signature)


def read_body(environ: dict[str, Any]) -> bytes:
    """The body, at most 64 KiB, whether its length was announced or it comes in chunks.

    Raises TurnedAway 413 for a longer one, without reading it whole, 400 for a length that is
    no number or a body that broke off.
    """
    announced = environ.get("CONTENT_LENGTH") or ""
    if announced and not (announced.isascii() and announced.isdigit()):
        raise TurnedAway(400, "Content-Length is not a number")
    if len(announced) > 9 or int(announced or 0) > LIMIT_BYTES:
        raise TurnedAway(413, f"body of {announced[:20]} bytes announced")
    expected = int(announced) if announced else LIMIT_BYTES + 1
    try:
        body = _read(environ["wsgi.input"], expected)
    except OSError as error:
        raise TurnedAway(400, f"the body broke off: {error}") from error
    if len(body) > LIMIT_BYTES:
        raise TurnedAway(413, "body over 64 KiB")
    if announced and len(body) < expected:
        raise TurnedAway(400, "the body is shorter than announced")
    return body


def _read(source: Any, expected: int) -> bytes:
    body: bytes = source.read(expected)
    while 0 < len(body) < expected:
        more = source.read(expected - len(body))
        if not more:
            break
        body += more
    return body
