"""The reading room: one immutable engine a process, swapped whole when the knowledge changes."""

import gc
import logging
import threading
from datetime import date
from functools import lru_cache
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from core.db import Database
from core.settings import Settings
from knowledge.answered import Answered, Card, Kept
from knowledge.aside import Change, engine_after
from knowledge.engine import Engine
from knowledge.loading import build_engine, version_of
from knowledge.tokenizer import Tokenizer

log = logging.getLogger(__name__)
ANSWERS_KEPT = 2_048  # citizens repeat each other; kept until the index is swapped
LONGEST_KEPT = 100  # characters; nobody repeats a letter word for word


class Library:
    """Answers questions from memory; asks SQL only to build and for the version row."""

    def __init__(self, database: Database, settings: Settings, tokenizer: Tokenizer) -> None:
        self._database = database
        self._scopes = settings.bureau_scopes
        self._tokenizer = tokenizer
        self._building = threading.Lock()
        self._closed = threading.Event()
        self._follower: threading.Thread | None = None
        self._take(build_engine(database, settings.bureau_scopes, tokenizer))

    @classmethod
    def open(cls, database: Database, settings: Settings) -> Self:
        """Load the dictionary and build the index. Takes about a second; do it before serving."""
        return cls(database, settings, Tokenizer(settings.data_dir / "jieba"))

    @property
    def engine(self) -> Engine:
        """What answers now."""
        return self._shelf[0]

    @property
    def version(self) -> int:
        """The number of the knowledge version the answers come from."""
        return self.engine.version

    @property
    def size(self) -> int:
        """How many entries can be found."""
        return len(self.engine.index.documents)

    def ask(self, text: str, *, today: date, keep: Kept | None = None) -> Answered:
        """The answer to one message; `keep` is what the dialog kept of the last one. No SQL."""
        words = text.strip()
        engine, read = self._shelf
        alone = read(words, today) if len(words) <= LONGEST_KEPT else engine.alone(words, today)
        return engine.after(alone, today, keep or Kept())

    def why(self, text: str, answered: Answered, *, today: date) -> tuple[str, ...]:
        """The words of a message that made its first hit be found."""
        return self.engine.why(text.strip(), answered, today)

    def card(self, key: str, *, today: date, slot: str = "general") -> Card | None:
        """One entry's answer by its outward id (`fee-001`), for a picked choice or a page."""
        return self.engine.card(key, slot, today)

    def after(self, change: Change, database: Database | None = None) -> Engine:
        """The engine as it would be had `change` been made: built aside, answering nobody.

        database: where the change would be made, if not where this library reads.
        """
        return engine_after(database or self._database, self._scopes, self._tokenizer, change)

    def refresh(self) -> bool:
        """Rebuild if the version row moved; True when it did. Raises what the database raises."""
        with self._building:
            with self._database.read() as db:
                current = version_of(db)
            if current == self.engine.version:
                return False
            self._take(build_engine(self._database, self._scopes, self._tokenizer))
            return True

    def rebuild(self) -> int:
        """Build the index again whatever the version; how many entries it has."""
        with self._building:
            self._take(build_engine(self._database, self._scopes, self._tokenizer))
        return self.size

    def _take(self, engine: Engine) -> None:
        """Answer from `engine` from now on; what was answered from another is forgotten.

        It stays until the next one, so the collector need not walk through it again and again.
        """
        self._shelf = (engine, lru_cache(ANSWERS_KEPT)(engine.alone))
        gc.collect()
        gc.freeze()

    def follow(self, every_s: float = 1.0) -> None:
        """Start the daemon thread that calls refresh(); stop it with close()."""
        if self._follower is None:
            self._follower = threading.Thread(
                target=self._keep_up, args=(every_s,), name="library", daemon=True
            )
            self._follower.start()

    def close(self) -> None:
        """Stop following."""
        self._closed.set()
        if self._follower is not None:
            self._follower.join(5)

    def _keep_up(self, every_s: float) -> None:
        while not self._closed.wait(every_s):
            try:
                if self.refresh():
                    log.info("knowledge version %s is being answered from", self.version)
            except SQLAlchemyError:
                log.warning("knowledge version could not be read; answering from what is known")
