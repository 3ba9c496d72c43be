"""What happened, told to a Redis stream and written to SQL in batches by the worker.

While Redis is away the entries wait in this process, the newest 10 000 of them.
"""

from collections import deque
from collections.abc import Mapping
from itertools import chain
from typing import Any

import orjson
from redis.client import Pipeline

from core.logs import get_log
from core.redis_wire import Command

STREAM = "yg:journal"
STREAM_LENGTH = 200_000
WAITING_MOST = 10_000
TRIMMED = (STREAM, "MAXLEN", "~", STREAM_LENGTH)
BATCH = 200
Entry = dict[str, str | bytes]


class Journal:
    """What one callback has to tell; handlers add to it."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []

    def note(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Tell one thing. payload: JSON values. Raises TypeError for others, at once."""
        self._lines.append(orjson.dumps({"kind": kind, **payload}))

    def take(self, others: "Journal") -> None:
        """Tell what the others tell, after our own."""
        self._lines += others._lines

    def entry(self, key: str) -> Entry | None:
        """The stream entry of these notes; `key` makes it apply once. None without notes."""
        if not self._lines:
            return None
        return {"key": key, "notes": b"[%s]" % b",".join(self._lines)}


class JournalQueue:
    """The way of entries to the stream; shared by all threads of the process."""

    def __init__(self, most: int = WAITING_MOST) -> None:
        self._waiting: deque[Entry] = deque(maxlen=most)
        self._lost = 0
        self._held = False

    def take(self, entry: Entry | None = None) -> list[Entry]:
        """This entry for the next trip, and up to BATCH of those that waited.

        After a trip that failed, none of those until one has succeeded: `went`.
        """
        batch = [entry] if entry else []
        while not self._held and self._waiting and len(batch) < BATCH:
            try:
                batch.append(self._waiting.popleft())
            except IndexError:  # another thread took the last
                break
        return batch

    def give_back(self, batch: list[Entry]) -> None:
        """The trip failed: these wait for the next; beyond the limit the oldest are lost."""
        lost = max(0, len(self._waiting) + len(batch) - (self._waiting.maxlen or 0))
        if lost and not self._lost:
            get_log("inbound").error("journal full, entries are lost", most=self._waiting.maxlen)
        self._lost += lost
        self._waiting.extend(batch)
        self._held = True

    def went(self) -> None:
        """A trip succeeded: those that waited may follow."""
        self._held = False

    @property
    def waiting(self) -> int:
        return len(self._waiting)


def entries(batch: list[Entry]) -> list[Command]:
    """One command an entry."""
    return [("XADD", *TRIMMED, "*", *chain.from_iterable(one.items())) for one in batch]


def put_entries(pipe: Pipeline, batch: list[Entry]) -> None:
    """The same on a pipeline of redis-py's."""
    for entry in batch:
        pipe.xadd(STREAM, entry, maxlen=STREAM_LENGTH, approximate=True)  # type: ignore[arg-type]
