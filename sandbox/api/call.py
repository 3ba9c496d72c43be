"""One call of the API as it came, and what it is answered."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.rules.errors import WechatError

ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")
Answer = dict[str, Any]
OK: Answer = {"errcode": 0, "errmsg": "ok"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """An answer that is not JSON."""

    data: bytes
    content_type: str
    name: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """A request to /cgi-bin/…; `ip` is the caller's, `host` the address the caller used."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    ip: str = "127.0.0.1"
    host: str = "127.0.0.1"
    upload: Upload | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises 44002 (empty), 40033 (\\uXXXX), 47001 (anything else)."""
        if not self.body:
            raise WechatError(44002)
        if b"\\u" in self.body and ESCAPED.search(self.body):
            raise WechatError(40033)
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise WechatError(47001) from None
        if not isinstance(value, dict):
            raise WechatError(47001)
        return value


def text_of(body: Mapping[str, Any], name: str, code: int) -> str:
    """A field that must be a string with something in it. Raises the code otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WechatError(code)
    return value


def part_of(body: Mapping[str, Any], name: str, code: int = 47001) -> dict[str, Any]:
    """A field that must be an object. Raises the code otherwise."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise WechatError(code)
    return value
