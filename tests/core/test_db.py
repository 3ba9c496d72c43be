"""Transactions that end, moments that stay aware, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from core.clock import SHANGHAI
from core.db import BUSY_TIMEOUT_MS, Database, Moment

TABLES = MetaData()
MARKS = Table(
    "core_test_marks",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=True),
)


@pytest.fixture
def marked(each_database: Database) -> Database:
    """A database with a small table of this test's own."""
    with each_database.write() as db:
        TABLES.create_all(db.connection())
    return each_database


def count(database: Database) -> int:
    with database.read() as db:
        return len(db.execute(select(MARKS.c.id)).all())


def test_a_transaction_is_kept_when_it_ends_well(marked: Database) -> None:
    with marked.write() as db:
        db.execute(insert(MARKS).values(id=1))
    assert count(marked) == 1


def test_a_transaction_is_undone_when_it_fails(marked: Database) -> None:
    def fail() -> None:
        with marked.write() as db:
            db.execute(insert(MARKS).values(id=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert count(marked) == 0


def test_reading_keeps_nothing(marked: Database) -> None:
    with marked.read() as db:
        db.execute(insert(MARKS).values(id=1))
    assert count(marked) == 0


def test_a_broken_rule_breaks_the_whole_transaction(marked: Database) -> None:
    def add_twice() -> None:
        with marked.write() as db:
            db.execute(insert(MARKS).values(id=1))
            db.execute(insert(MARKS).values(id=1))

    with pytest.raises(IntegrityError):
        add_twice()
    assert count(marked) == 0


def test_a_moment_comes_back_aware_in_shanghai(marked: Database) -> None:
    moment = datetime(2026, 3, 1, 16, 30, 1, 250_000, tzinfo=UTC)
    with marked.write() as db:
        db.execute(insert(MARKS), [{"id": 1, "at": moment}, {"id": 2, "at": None}])
    with marked.read() as db:
        kept = db.execute(select(MARKS.c.at).order_by(MARKS.c.id)).scalars().all()
    assert kept == [moment, None]
    assert kept[0].tzinfo is SHANGHAI
    assert kept[0].isoformat() == "2026-03-02T00:30:01.250000+08:00"


def test_moments_compare_in_sql_whatever_their_zone(marked: Database) -> None:
    early = datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)
    with marked.write() as db:
        db.execute(insert(MARKS).values(id=1, at=early))
    later = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    with marked.read() as db:
        assert db.scalar(select(MARKS.c.id).where(MARKS.c.at < later)) == 1


def test_a_naive_moment_is_refused(marked: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), marked.write() as db:
        db.execute(insert(MARKS).values(id=1, at=datetime(2026, 3, 2)))  # noqa: DTZ001


def test_two_writers_who_read_first_both_succeed(marked: Database) -> None:
    """On SQLite a reader that turns writer would fail at once; BEGIN IMMEDIATE waits instead."""
    both = threading.Barrier(2)
    failures: list[Exception] = []

    def add(number: int) -> None:
        try:
            both.wait(5)
            for turn in range(10):
                with marked.write() as db:
                    db.execute(select(MARKS.c.id)).all()
                    db.execute(insert(MARKS).values(id=number * 100 + turn))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert count(marked) == 20


def test_a_reader_does_not_wait_for_a_writer(marked: Database) -> None:
    with marked.write() as db:
        db.execute(insert(MARKS).values(id=1))
        assert count(marked) == 0
    assert count(marked) == 1


def test_sqlite_keeps_its_promises(database: Database) -> None:
    with database.read() as db:
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert db.scalar(text("PRAGMA foreign_keys")) == 1


def test_who_has_patience_waits_for_the_other_writer(database: Database) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write() as db:
            db.connection()  # a transaction begins with its first statement
            holding.set()
            assert go_on.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    assert holding.wait(60)
    try:
        with pytest.raises(OperationalError), database.write(patience_ms=10) as db:
            db.connection()
        threading.Timer(0.2, go_on.set).start()
        with database.write(patience_ms=60_000) as db:
            assert db.scalar(text("PRAGMA busy_timeout")) == 60_000
    finally:
        go_on.set()
        other.join(60)
    with database.write() as db:
        assert db.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS
