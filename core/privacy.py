"""Personal data: encrypted at rest, masked wherever it is shown or logged."""

import base64
import hashlib
import hmac
import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[0-9Xx])(?!\d)")
CARD = re.compile(r"(?<!\d)\d{12,15}(\d{4})(?!\d)")


LONG_NUMBER = re.compile(r"\d{11}")  # every number that is masked begins with so many digits


def mask(text: str) -> str:
    """Text with mobile, identity and bank card numbers masked (个人信息保护法 §51)."""
    if not LONG_NUMBER.search(text):
        return text
    text = IDENTITY.sub(r"\1********\2", text)
    text = CARD.sub(r"************\1", text)
    return MOBILE.sub(r"\1****\2", text)


def mask_name(name: str) -> str:
    """王小明 → 王**; an empty name stays empty."""
    return name[:1] + "*" * (len(name) - 1)


class Box:
    """Seals short personal texts with DATA_KEY; opens what DATA_KEY_PREVIOUS sealed too."""

    def __init__(self, key: str, previous: str = "") -> None:
        self._secret = key.encode()
        self._fernet = MultiFernet([Fernet(_derive(k)) for k in (key, previous) if k])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode("ascii") if text else ""

    def open(self, sealed: str) -> str:
        """Raises ValueError when neither key opens it."""
        if not sealed:
            return ""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken as error:
            raise ValueError("neither DATA_KEY nor DATA_KEY_PREVIOUS opens this text") from error

    def digest(self, text: str) -> str:
        """A keyed digest: equal texts give equal digests, the text cannot be guessed from it."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _derive(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
