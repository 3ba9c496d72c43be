"""What is to be told, before anybody decides by which route."""

from dataclasses import asdict, dataclass
from typing import Any, Self

TICKET = "ticket"
DISCLOSURE = "disclosure"
TEXT_BYTES = 2_048  # 客服消息 and passive replies (wechat: 45002 beyond)
THING_CHARACTERS = 20  # a `thing` field of templates and notices (wechat: 47003 beyond)


@dataclass(frozen=True, slots=True)
class Topic:
    """Everyone who follows a topic."""

    slug: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person, about their own matter."""

    openid: str


Audience = Topic | Person


@dataclass(frozen=True, slots=True)
class Notice:
    """One message in all its shapes.

    title: of the matter; label: its topic or office; day: the date shown, 2026-11-23;
    text: the whole chat message (at most 2 048 bytes); url: the page behind it, may be empty.
    urgent: may arrive at night. purpose: "ticket" (a person's own matter) or "disclosure".
    """

    title: str
    label: str
    day: str
    text: str
    url: str = ""
    urgent: bool = False
    purpose: str = DISCLOSURE

    def __post_init__(self) -> None:
        if len(self.text.encode()) > TEXT_BYTES:
            raise ValueError(f"a chat message holds {TEXT_BYTES} bytes at most")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)


def shorten(text: str, characters: int = THING_CHARACTERS) -> str:
    """One line of at most `characters`; what is cut is marked with …"""
    line = " ".join(text.split())
    return line if len(line) <= characters else line[: characters - 1] + "…"
