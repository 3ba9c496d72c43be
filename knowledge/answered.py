"""What the library gives back: plain frozen values, ready for a dialog or a page."""

from dataclasses import dataclass, field
from typing import Any, Literal, Self

Outcome = Literal["answer", "choose", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found. `score`: the calibrated probability, 0–1, that it answers the question."""

    id: str
    kind: str  # fee fund guide faq
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a matter that is not for the library belongs; `phone` may be empty.

    to_us: it is a wish or an opinion, for our own suggestion box.
    """

    to: str
    phone: str = ""
    to_us: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One answer as data: `lines` are complete sentences in Chinese, `note` stands after them.

    `path` is the citizens' page of the entry below PUBLIC_URL; `slots` are the questions that
    the entry can still answer, offered as tappable choices.
    """

    id: str
    kind: str
    title: str
    lines: tuple[str, ...]
    source: str = ""
    note: str = ""
    path: str = ""
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a dialog keeps of the last question for 30 minutes: the entries shown and the slot."""

    ids: tuple[str, ...] = ()  # the list shown, in order: "1" is ids[0]
    matter: str = ""  # the entry being talked about
    slot: str = ""
    question: str = ""
    misses: int = 0
    sure: bool = False  # the matter was answered or picked, not only offered in a list

    def as_dict(self) -> dict[str, Any]:
        return {
            "ids": list(self.ids),
            "matter": self.matter,
            "slot": self.slot,
            "question": self.question,
            "misses": self.misses,
            "sure": self.sure,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return cls(
            tuple(data.get("ids", ())),
            data.get("matter", ""),
            data.get("slot", ""),
            data.get("question", ""),
            int(data.get("misses", 0)),
            bool(data.get("sure", False)),
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """The outcome of one question. `cards` are what is said when the outcome is `answer`."""

    outcome: Outcome
    hits: tuple[Hit, ...]
    slot: str
    confidence: float  # hits[0].score, or 0
    cards: tuple[Card, ...] = ()
    redirect: Redirect | None = None
    beside: tuple[tuple[str, Redirect], ...] = ()  # words of the message on a matter of others
    small_talk: str = ""  # greeting thanks abuse chat advert garbage distress ourselves
    followed: bool = False  # the matter came from the message before
    keep: Kept = field(default_factory=Kept)
