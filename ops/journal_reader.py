"""Takes what callbacks told the journal into SQL: in batches, once each, within two seconds.

A crash between commit and acknowledgement delivers a batch again; marks in SQL make it apply
once. An emptied Redis loses at most the entries not yet read; the group is made anew.
"""

import json
import os
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import redis
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot.inbound.journal import STREAM
from bot.inbound.models import JournalMark
from core.clock import Clock
from core.db import Database
from core.logs import get_log
from core.redis_store import connect

GROUP = "worker"
ASIDE = "yg:journal:aside"
BATCH = 500
BLOCK_MS = 1_000
LINGER_S = 0.3  # a few callbacks a second still share a commit
IDLE_MS = 15_000  # a consumer that holds entries this long is dead
CLAIM_EVERY = timedelta(seconds=5)
GONE_MS = 3_600_000  # one idle this long with nothing in hand is forgotten
SWEEP_EVERY = timedelta(hours=1)
MARKS_KEPT = timedelta(days=2)
OUTAGE = (OperationalError, InterfaceError)

Row = dict[str, Any]
Taker = Callable[[Session, list[Row], datetime], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One stream entry, read: its id in the stream, its own key, its rows by kind."""

    id: bytes
    key: str
    rows: list[Row]


class JournalReader:
    """One consumer of the journal. `takers`: kind of row → verbs, called in this order.

    Each verb gets (db, rows, now) inside the batch's one transaction; a row holds what was
    noted, its `kind`, and `origin`, unique to it.
    """

    def __init__(
        self,
        redis_url: str,
        database: Database,
        clock: Clock,
        takers: Mapping[str, Sequence[Taker]],
        *,
        consumer: str = "",
        idle_ms: int = IDLE_MS,
        gone_ms: int = GONE_MS,
    ) -> None:
        self._redis = connect(redis_url)
        self._database = database
        self._clock = clock
        self._takers = takers
        self._consumer = consumer or f"{socket.gethostname()}-{os.getpid()}"
        self._idle_ms = idle_ms
        self._gone_ms = gone_ms
        self._mine_first = True
        self._claimed_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._log = get_log("journal")

    def run(self, stop: threading.Event) -> None:
        """Read until told to stop; an outage of Redis or SQL is waited out."""
        while not stop.is_set():
            try:
                self.step(stop)
            except (redis.RedisError, OSError) as error:
                self._log.warning("journal: Redis is away", error=str(error)[:200])
                stop.wait(1)
            except OUTAGE as error:
                self._mine_first = True
                self._log.warning("journal: SQL is away", error=str(error)[:200])
                stop.wait(1)
        self._redis.close()

    def step(self, stop: threading.Event) -> int:
        """Read and take in one batch; the number of entries. Raises on an outage."""
        now = self._clock.now()
        entries = self._left_behind(now) if self._mine_first else []
        self._mine_first = False
        if self._due(self._claimed_at, CLAIM_EVERY, now):
            self._claimed_at = now
            entries += self._of_the_dead()
        if not entries:
            entries = self._fresh(stop)
        self._take(entries, now)
        if self._due(self._swept_at, SWEEP_EVERY, now):
            self._swept_at = now
            self._sweep(now)
        return len(entries)

    @staticmethod
    def _due(last: datetime | None, every: timedelta, now: datetime) -> bool:
        return last is None or not timedelta(0) <= now - last < every

    def _read(self, since: str, count: int, block_ms: int | None) -> list[Any]:
        asked: Any = {STREAM: since}
        try:
            found: Any = self._redis.xreadgroup(
                GROUP, self._consumer, asked, count=count, block=block_ms
            )
        except redis.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._make_group()
            return []
        streams = found.items() if isinstance(found, dict) else found or ()
        pairs: list[Any] = []
        for _stream, given in streams:
            nested = given and isinstance(given[0], list)  # RESP3 nests one deeper
            pairs += given[0] if nested else given
        return pairs

    def _make_group(self) -> None:
        try:
            self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def _left_behind(self, _now: datetime) -> list[Any]:
        """What this consumer read before and did not finish."""
        return self._read("0", BATCH, None)

    def _fresh(self, stop: threading.Event) -> list[Any]:
        entries = self._read(">", BATCH, BLOCK_MS)
        if entries and len(entries) < BATCH and not stop.wait(LINGER_S):
            entries += self._read(">", BATCH - len(entries), None)
        return entries

    def _of_the_dead(self) -> list[Any]:
        try:
            answer: Any = self._redis.xautoclaim(
                STREAM, GROUP, self._consumer, min_idle_time=self._idle_ms, count=BATCH
            )
        except redis.ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
            self._make_group()
            return []
        return list(answer[1])

    def _take(self, pairs: list[Any], now: datetime) -> None:
        entries, broken = [], []
        for entry_id, fields in pairs:
            try:
                entries.append(read_entry(entry_id, fields))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                broken.append((entry_id, fields, str(error)))
        for entry_id, fields, why in broken:
            self._set_aside(entry_id, fields, why)
        self._apply_or_split(entries, now)

    def _apply_or_split(self, entries: list[Entry], now: datetime) -> None:
        """Take in a batch; one that fails is halved until the entry at fault stands alone."""
        if not entries:
            return
        try:
            self._apply(entries, now)
        except OUTAGE:
            raise
        except Exception as error:
            if len(entries) == 1:
                fields = {"key": entries[0].key, "notes": json.dumps(entries[0].rows)}
                self._set_aside(entries[0].id, fields, f"{type(error).__name__}: {error}")
                return
            middle = len(entries) // 2
            self._apply_or_split(entries[:middle], now)
            self._apply_or_split(entries[middle:], now)
            return
        self._acknowledge([entry.id for entry in entries])

    def _apply(self, entries: list[Entry], now: datetime) -> None:
        by_key = {entry.key: entry for entry in entries}
        with self._database.write() as db:
            asked = select(JournalMark.key).where(JournalMark.key.in_(by_key))
            for key in db.scalars(asked):
                del by_key[key]
            if not by_key:
                return
            db.execute(insert(JournalMark), [{"key": key, "applied_at": now} for key in by_key])
            rows: dict[str, list[Row]] = defaultdict(list)
            for entry in by_key.values():
                for row in entry.rows:
                    rows[row["kind"]].append(row)
            for kind, takers in self._takers.items():
                for taker in takers if rows[kind] else ():
                    taker(db, rows[kind], now)

    def _acknowledge(self, ids: list[bytes]) -> None:
        pipe = self._redis.pipeline(transaction=False)
        pipe.xack(STREAM, GROUP, *ids)
        pipe.xdel(STREAM, *ids)
        pipe.execute()

    def _set_aside(self, entry_id: bytes, fields: Any, why: str) -> None:
        """A poisoned entry leaves the stream; it is kept beside it for a person to look at."""
        self._log.error("journal entry set aside", entry=entry_id.decode(), why=why[:300])
        if fields:
            self._redis.xadd(ASIDE, {**fields, "why": why[:300]}, maxlen=1_000)
        self._acknowledge([entry_id])

    def _sweep(self, now: datetime) -> None:
        """Old marks go, and consumers that are gone and hold nothing."""
        with self._database.write() as db:
            db.execute(delete(JournalMark).where(JournalMark.applied_at < now - MARKS_KEPT))
        consumers: Any = self._redis.xinfo_consumers(STREAM, GROUP)
        for one in consumers:
            mine = one["name"] == self._consumer.encode()
            if not mine and not one["pending"] and one["idle"] >= self._gone_ms:
                self._redis.xgroup_delconsumer(STREAM, GROUP, one["name"])


def read_entry(entry_id: bytes, fields: Mapping[bytes, bytes] | None) -> Entry:
    """One stream entry with its rows; each row gets its `origin`. Raises ValueError or KeyError."""
    if not fields:
        raise ValueError("trimmed before it was read")
    key = fields[b"key"].decode()
    rows = json.loads(fields[b"notes"])
    for number, row in enumerate(rows):
        row["origin"] = f"{key}#{number}"
        if not isinstance(row["kind"], str):
            raise ValueError("a row without a kind")
    return Entry(entry_id, key, rows)
