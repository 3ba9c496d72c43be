"""The reading room: one immutable index a process, swapped whole when the knowledge changes."""

from datetime import date

from core.db import Database
from core.settings import Settings
from knowledge.answered import Answered, Card, Kept


class Library:
    """Answers questions from memory; asks SQL only while it is built and for the version row."""

    version: int

    @classmethod
    def open(cls, database: Database, settings: Settings) -> "Library":
        """Load the dictionary and build the index. Takes about a second; do it before serving."""
        raise NotImplementedError

    def ask(self, text: str, *, today: date, keep: Kept | None = None) -> Answered:
        """The answer to one message; `keep` is what the dialog kept of the last one."""
        raise NotImplementedError

    def card(self, key: str, *, today: date, slot: str = "general") -> Card | None:
        """One entry's answer by its outward id (`fee-001`), for a picked choice or a page."""
        raise NotImplementedError

    def refresh(self) -> bool:
        """Rebuild if the version row moved; True when it did."""
        raise NotImplementedError

    def follow(self, every_s: float = 1.0) -> None:
        """Start the daemon thread that calls refresh(); stop it with close()."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop following."""
        raise NotImplementedError
