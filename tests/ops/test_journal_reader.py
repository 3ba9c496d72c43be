"""What callbacks told reaches SQL once, soon, and through any fault."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.inbound.journal import STREAM
from bureau.inquiries import records
from bureau.inquiries.models import Inquiry
from core.db import Database
from core.redis_store import RedisStore
from ops.journal_reader import ASIDE, GROUP, JournalReader
from tests.clocks import FixedClock
from tests.waiting import until

pytestmark = pytest.mark.thorough

AT = 1772416800


class Reading:
    """Readers over one Redis and one database, and what their verbs were given."""

    def __init__(self, redis: RedisStore, database: Database, clock: FixedClock) -> None:
        self.redis, self.database, self.clock = redis, database, clock
        self.seen: list[dict[str, Any]] = []
        self.trouble: list[Exception] = []
        self.stop = threading.Event()
        self.readers: list[JournalReader] = []

    def reader(self, name: str = "one", **more: int) -> JournalReader:
        limits = {"idle_ms": 60_000, **more}
        takers = {"seen": (self.take,), "inquiry": (records.keep,)}
        reader = JournalReader(
            self.redis.url, self.database, self.clock, takers, consumer=name, **limits
        )
        self.readers.append(reader)
        return reader

    def take(self, _db: Session, rows: list[dict[str, Any]], _now: datetime) -> None:
        if self.trouble:
            raise self.trouble.pop()
        self.seen += rows

    def tell(self, key: str, *rows: dict[str, Any]) -> None:
        self.redis.client.xadd(STREAM, {"key": key, "notes": json.dumps(rows)})

    def kept(self) -> list[str]:
        with self.database.read() as db:
            return list(db.scalars(select(Inquiry.origin).order_by(Inquiry.id)))


@pytest.fixture
def reading(redis: RedisStore, database: Database, clock: FixedClock) -> Iterator[Reading]:
    reading = Reading(redis, database, clock)
    yield reading
    for reader in reading.readers:
        reader._redis.close()


def seen(openid: str = "oA") -> dict[str, Any]:
    return {"kind": "seen", "openid": openid, "trigger": "message", "at": AT}


def inquiry(text: str = "怎么收费", **more: Any) -> dict[str, Any]:
    told = {"kind": "inquiry", "openid": "oA", "text": text, "outcome": "answer", "at": AT}
    return {**told, **more}


def drain(reader: JournalReader, reading: Reading) -> None:
    """Until nothing is left to read, and nothing read is unacknowledged."""
    reader.step(reading.stop)
    while reading.redis.client.xlen(STREAM):
        reader.step(reading.stop)


def test_what_was_told_before_the_first_reader_came_is_taken(reading: Reading) -> None:
    reading.tell("k1", seen(), inquiry())
    reading.tell("k2", seen("oB"))
    drain(reading.reader(), reading)
    assert [row["openid"] for row in reading.seen] == ["oA", "oB"]
    assert reading.kept() == ["k1#1"]
    assert reading.redis.client.xlen(STREAM) == 0


def test_the_same_callback_told_twice_applies_once(reading: Reading) -> None:
    reader = reading.reader()
    for _ in range(2):
        reading.tell("k1", seen(), inquiry())
        reading.tell("k1", seen(), inquiry())
        drain(reader, reading)
    assert (len(reading.seen), reading.kept()) == (1, ["k1#1"])


def test_a_batch_left_by_a_dead_reader_is_taken_over(reading: Reading) -> None:
    reading.tell("k0", seen())
    dead = reading.reader("dead")
    drain(dead, reading)
    reading.tell("k1", seen())
    assert len(dead._read(">", 10, None)) == 1  # read and never acknowledged
    drain(reading.reader("heir", idle_ms=0), reading)
    assert [row["origin"] for row in reading.seen] == ["k0#0", "k1#0"]


def test_a_reader_that_comes_back_finishes_what_it_had_begun(reading: Reading) -> None:
    reading.tell("k0", seen())
    first = reading.reader()
    drain(first, reading)
    reading.tell("k1", seen())
    assert len(first._read(">", 10, None)) == 1
    drain(reading.reader(), reading)
    assert len(reading.seen) == 2


def test_an_emptied_redis_is_survived(reading: Reading) -> None:
    reader = reading.reader()
    reading.tell("k0", seen())
    drain(reader, reading)
    reading.redis.client.flushall()
    reading.tell("k1", seen())
    drain(reader, reading)
    reading.redis.client.flushall()
    reading.clock.move(seconds=10)
    reader.step(reading.stop)  # the takeover meets no group
    reading.tell("k2", seen())
    drain(reader, reading)
    assert len(reading.seen) == 3


def test_a_poisoned_entry_is_set_aside_and_the_others_are_taken(reading: Reading) -> None:
    reading.tell("k1", inquiry())
    reading.tell("bad1", inquiry(outcome="nonsense"))
    reading.tell("k2", inquiry())
    reading.redis.client.xadd(STREAM, {"key": "bad2", "notes": "{no json"})
    reading.redis.client.xadd(STREAM, {"other": "bad3"})
    reading.tell("bad4", {"no": "kind"})
    reading.redis.client.xadd(STREAM, {"key": "bad5", "notes": "[1]"})
    with capture_logs() as logs:
        drain(reading.reader(), reading)
    assert reading.kept() == ["k1#0", "k2#0"]
    assert reading.redis.client.xlen(ASIDE) == 5
    assert len([line for line in logs if line["log_level"] == "error"]) == 5


def test_a_database_that_is_away_loses_nothing(reading: Reading) -> None:
    reader = reading.reader()
    reading.tell("k0", seen())
    reading.trouble = [OperationalError("locked", None, Exception())]
    running = threading.Thread(target=reader.run, args=(reading.stop,))
    running.start()
    until(lambda: reading.seen, within_s=30)
    reading.stop.set()
    running.join(60)
    assert [row["origin"] for row in reading.seen] == ["k0#0"]


def test_two_readers_share_the_work_and_nothing_is_taken_twice(reading: Reading) -> None:
    readers = [reading.reader("one"), reading.reader("two")]
    for number in range(300):
        reading.tell(f"k{number}", inquiry())
    running = [threading.Thread(target=one.run, args=(reading.stop,)) for one in readers]
    for thread in running:
        thread.start()
    until(lambda: not reading.redis.client.xlen(STREAM), within_s=30)
    reading.stop.set()
    for thread in running:
        thread.join(60)
    assert sorted(reading.kept()) == sorted(f"k{number}#0" for number in range(300))


def test_a_kind_nobody_takes_is_no_trouble(reading: Reading) -> None:
    reading.tell("k1", {"kind": "something_new"}, seen())
    drain(reading.reader(), reading)
    assert len(reading.seen) == 1


def test_readers_long_gone_are_forgotten(reading: Reading) -> None:
    reading.tell("k0", seen())
    drain(reading.reader("gone"), reading)
    reading.tell("k1", seen())
    drain(reading.reader("here", gone_ms=0), reading)
    reading.tell("k2", seen())
    reading.clock.move(hours=1)
    drain(reading.readers[1], reading)
    names = {one["name"] for one in reading.redis.client.xinfo_consumers(STREAM, GROUP)}
    assert names == {b"here"}
