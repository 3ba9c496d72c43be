"""Signatures and AES of the push protocol.

developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption
"""

import base64
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32


def sign(*parts: str) -> str:
    """Lowercase hex SHA-1 of the sorted parts: token, timestamp, nonce (and Encrypt)."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  WeChat's protocol


def same(mine: str, theirs: str) -> bool:
    """Whether two signatures are the same, in constant time."""
    return hmac.compare_digest(mine.encode(), theirs.encode())


class Sealer:
    """AES-256-CBC with the key of a 43-character EncodingAESKey. Raises ValueError for another."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        self._key = base64.b64decode(aes_key + "=")
        if len(self._key) != 32:
            raise ValueError("EncodingAESKey: 43 characters")
        self._app_id = app_id.encode()

    def seal(self, text: str) -> str:
        """Text → base64 of 16 random bytes, length, text and app id, padded to 32."""
        body = text.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = Cipher(AES(self._key), CBC(self._key[:16])).encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> str:
        """The text. Raises ValueError saying what does not fit."""
        raw = base64.b64decode(sealed, validate=True)
        if not raw or len(raw) % 16:
            raise ValueError("ciphertext is not whole blocks")
        decryptor = Cipher(AES(self._key), CBC(self._key[:16])).decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise ValueError("padding is wrong: another key?")
        content = plain[16:-pad]
        if len(content) < 4:
            raise ValueError("too short")
        (length,) = struct.unpack(">I", content[:4])
        if content[4 + length :] != self._app_id:
            raise ValueError("app id does not match")
        return content[4 : 4 + length].decode()
