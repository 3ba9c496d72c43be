"""Signature and encryption of callbacks (developers.weixin.qq.com, 消息加解密), around wechatpy.

wechatpy's own checks the signature with `!=`, never looks at the padding and builds a new
cipher each time; this one compares in constant time, validates, and keeps its ciphers.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.inbound.reading import parse
from bot.inbound.turned_away import TurnedAway
from core.random_bytes import RandomBytes

PAD_BLOCK = 32
SALT_BYTES = 16
PADDING = tuple(bytes([n]) * n for n in range(PAD_BLOCK + 1))


@dataclass(frozen=True, slots=True)
class Key:
    """One EncodingAESKey (43 characters) as a cipher kept for all messages."""

    cipher: Any = field(repr=False)

    @classmethod
    def read(cls, encoding_aes_key: str) -> "Key":
        """Raises ValueError for anything but 43 characters of base64."""
        raw = base64.b64decode(encoding_aes_key + "=", validate=True)
        return cls(Cipher(AES(raw), CBC(raw[:16])))


class Envelope:
    """Checks, opens and seals for one account; knows its current and its previous key."""

    def __init__(self, token: str, app_id: str, aes_key: str, previous: str = "") -> None:
        self._token = token
        self._app_id = app_id.encode()
        self._salts = RandomBytes(SALT_BYTES)
        self._keys = tuple(Key.read(key) for key in (aes_key, previous) if key)

    def signed(self, signature: str, *parts: str) -> bool:
        """True when WeChat signed these parts; takes as long for a nearly right one."""
        mine = self._sign(*parts)
        return hmac.compare_digest(mine.encode(), signature.encode("utf8", "replace"))

    def _sign(self, *parts: str) -> str:
        text = "".join(sorted((self._token, *parts)))  # the order of characters is that of UTF-8
        return hashlib.sha1(text.encode("utf8", "replace")).hexdigest()  # noqa: S324  WeChat's

    def open(self, encrypted: str) -> tuple[str, Key]:
        """The message inside and the key that opened it: the current one, else the previous.

        Raises TurnedAway 400 when neither does, or the message is for another account.
        """
        try:
            sealed = binascii.a2b_base64(encrypted, strict_mode=True)
        except ValueError as error:
            raise TurnedAway(400, "the encrypted part is not base64") from error
        if len(sealed) < 2 * SALT_BYTES or len(sealed) % SALT_BYTES:
            raise TurnedAway(400, "the encrypted part is cut")
        why = "no key is set"
        for key in self._keys:
            try:
                return self._message(sealed, key), key
            except ValueError as error:
                why = str(error)
        raise TurnedAway(400, f"no key opens the message: {why}")

    def _message(self, sealed: bytes, key: Key) -> str:
        decryptor = key.cipher.decryptor()
        plain: bytes = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= PAD_BLOCK or plain[-pad:] != PADDING[pad]:
            raise ValueError("padding")
        end = SALT_BYTES + 4 + int.from_bytes(plain[SALT_BYTES : SALT_BYTES + 4])
        if plain[end : len(plain) - pad] != self._app_id or end > len(plain) - pad:
            raise ValueError("app id or length")
        return plain[SALT_BYTES + 4 : end].decode()

    def seal(self, xml: str, key: Key, nonce: str, now_s: int) -> str:
        """The reply's XML, encrypted with `key` and signed."""
        message = xml.encode()
        plain = b"".join((self._salts.take(), len(message).to_bytes(4), message, self._app_id))
        encryptor = key.cipher.encryptor()
        sealed = encryptor.update(plain + PADDING[PAD_BLOCK - len(plain) % PAD_BLOCK])
        encrypted = binascii.b2a_base64(sealed + encryptor.finalize(), newline=False).decode()
        signature = self._sign(str(now_s), nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{now_s}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )


def encrypted_part(body: str) -> str:
    """The one <Encrypt> of a body; whatever stands beside it (兼容 mode) is not trusted.

    Raises TurnedAway 400 for broken XML, declarations of entities, no <Encrypt> or several.
    """
    found = parse(body).findall("Encrypt")
    if len(found) != 1 or len(found[0]) or not found[0].text:
        raise TurnedAway(400, "the envelope holds no single Encrypt")
    return str(found[0].text).strip()
