"""The sandbox's memory: one SQLite file, so that a killed sandbox forgets nothing it answered."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCHEMA = (Path(__file__).parent / "schema.sql").read_text("utf8")
Row = sqlite3.Row


class Store:
    """One connection, used by one thread. Nothing is durable before `commit` or `flushed`."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "sandbox.db" if folder else None
        self._db = sqlite3.connect(self._path or ":memory:", isolation_level="IMMEDIATE")
        self._db.row_factory = sqlite3.Row
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;" + SCHEMA
        )
        self.version = 1
        self._last_id = 0
        self._ending = False
        self._flush: asyncio.Future[None] | None = None
        self._watchers: list[asyncio.Future[None]] = []

    def one(self, sql: str, *values: Any) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[Row]:
        """Every row."""
        return self._db.execute(sql, values).fetchall()

    def count(self, sql: str, *values: Any) -> int:
        """The number in the first column of the first row; 0 without a row."""
        row = self.one(sql, *values)
        return int(row[0] or 0) if row else 0

    def run(self, sql: str, *values: Any) -> int:
        """Write; gives the new row's id."""
        return self._db.execute(sql, values).lastrowid or 0

    def changed(self, sql: str, *values: Any) -> int:
        """Write; gives how many rows it touched."""
        return self._db.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """The same statement for many rows."""
        self._db.executemany(sql, rows)

    def keep(self, name: str, value: Any) -> None:
        """Remember a value (JSON) under a name."""
        self.run(
            "INSERT INTO kept VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            name,
            json.dumps(value, ensure_ascii=False),
        )

    def kept(self, name: str, default: Any = None) -> Any:
        """The value remembered under a name."""
        row = self.one("SELECT value FROM kept WHERE name = ?", name)
        return default if row is None else json.loads(row[0])

    def next_id(self) -> int:
        """A number never given before, not even before a restart (microseconds of the machine)."""
        self._last_id = max(self._last_id + 1, time.time_ns() // 1000)
        return self._last_id

    def commit(self) -> None:
        """Make everything so far durable against the death of this process."""
        if self._db.in_transaction:
            self._db.commit()
            self.version += 1
            self._tell_watchers()

    def stop_waiting(self) -> None:
        """Whoever waits for a change goes on, and nobody waits any more."""
        self._ending = True
        self._tell_watchers()

    def _tell_watchers(self) -> None:
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)
        self._watchers.clear()

    def flushed(self) -> asyncio.Future[None]:
        """Done when all written so far is committed; requests of one turn share one commit."""
        if self._flush is None:
            loop = asyncio.get_running_loop()
            self._flush = loop.create_future()
            loop.call_soon(self._commit_turn)
        return self._flush

    def next_change(self) -> asyncio.Future[None]:
        """Done at the next commit that wrote something."""
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.append(watcher)
        if self._ending:
            self._tell_watchers()
        return watcher

    def empty(self) -> None:
        """Forget everything."""
        tables = self.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables:
            if not table.startswith("sqlite_"):
                self.run(f"DELETE FROM {table}")  # noqa: S608  names from the schema
        self.commit()

    def close(self) -> None:
        """Commit and close."""
        self.commit()
        self._db.close()

    def _commit_turn(self) -> None:
        turn, self._flush = self._flush, None
        self.commit()
        if turn is not None and not turn.done():
            turn.set_result(None)
