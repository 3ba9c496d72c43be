"""SQL: one engine a process, writing transactions that fail early, moments that stay aware."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session

from core.clock import SHANGHAI

Id = BigInteger().with_variant(Integer, "sqlite")
BUSY_TIMEOUT_MS = 5_000
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The mother of every table."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """An aware moment: kept as UTC, given back in Asia/Shanghai. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(SHANGHAI)  # type: ignore[no-any-return]


class Database:
    """An engine and the two ways into it. Close it when the process ends."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.engine = open_engine(url, pool_size)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._line = threading.Lock()

    @contextmanager
    def write(self, patience_ms: int = BUSY_TIMEOUT_MS) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back on any exception.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads
        first and writes later fails at once when another wrote in between, whatever the time-out.
        `patience_ms`: how long it waits for another writer there.
        """
        engine = self.engine.execution_options(patience_ms=patience_ms)
        with self._in_line(patience_ms), Session(engine, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def _in_line(self, patience_ms: int) -> Iterator[None]:
        """SQLite lets whoever is lucky write next: on a slow disk some wait until they fail.

        So the writers of a process wait for each other here. One who waited too long for that
        goes on and is told by SQLite.
        """
        mine = self.is_sqlite and self._line.acquire(timeout=patience_ms / 1000)
        try:
            yield
        finally:
            if mine:
                self._line.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads; it never waits for a writer on SQLite."""
        engine = self.engine.execution_options(read_only=True)
        with Session(engine, expire_on_commit=False) as db:
            yield db
            db.expunge_all()  # what was read stays readable: a rollback expires what it holds
            db.rollback()

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str, pool_size: int = 8) -> Engine:
    """An engine set up the house's way; its errors name no values: these are people's words."""
    if url.startswith("sqlite"):
        arguments: dict[str, Any] = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
        engine = create_engine(
            url, connect_args=arguments, pool_size=pool_size, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's BEGIN below, not the driver's
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reading = options.get("read_only", False)
    if "patience_ms" in options:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(options['patience_ms'])}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
