"""What the house wires into the edge: its routes, their context, and the sentences of failure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.inbound.dialog import Dialog
from bot.inbound.filters import Talk
from bot.inbound.journal import Journal
from bot.inbound.messages import Inbound
from bot.inbound.router import Router


@dataclass(frozen=True, slots=True)
class Visit:
    """One message on its way to a handler, with what the edge knows about the person."""

    message: Inbound
    dialog: Dialog
    journal: Journal
    now: datetime
    now_s: int


class Served(Talk, Protocol):
    """A handler's context: opened for one message, closed before the answer leaves."""

    def close(self, commit: bool) -> None:
        """End the transaction, if one was opened: commit it or roll it back.

        Closing again does nothing; a commit that failed is followed by close(False).
        """
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences the edge says by itself. Chinese, and at most 2048 bytes."""

    failed: Callable[[str], str]  # incident number → sentence
    busy: str  # no place for another slow answer now
    too_many: str  # this person writes too fast
    longer: str  # the end of an answer that was cut


C = TypeVar("C", bound=Served)


@dataclass(frozen=True, slots=True)
class Answering(Generic[C]):
    """Routes, how a context is made for one visit, and the edge's own sentences."""

    router: Router[C]
    open: Callable[[Visit], C]
    words: Words
