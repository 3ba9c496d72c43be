"""A push is planned on what callbacks told before it; a late reader or a lost Redis stops none."""

import json
import threading
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.inbound.journal import STREAM
from core.db import Database
from core.redis_store import RedisStore
from ops.journal_reader import JournalReader
from ops.journal_tail import written_down
from tests.clocks import FixedClock

SEEN = json.dumps([{"kind": "seen", "openid": "oA", "trigger": "message", "at": 1772416800}])


def test_planning_waits_until_the_reader_has_taken_what_was_told(
    redis: RedisStore, database: Database, clock: FixedClock
) -> None:
    taken: list[dict[str, Any]] = []

    def take(_db: Session, rows: list[dict[str, Any]], _now: datetime) -> None:
        taken.extend(rows)

    redis.client.xadd(STREAM, {"key": "k1", "notes": SEEN})
    reader = JournalReader(redis.url, database, clock, {"seen": (take,)}, consumer="one")
    stop = threading.Event()
    running = threading.Thread(target=reader.run, args=(stop,))
    running.start()
    try:
        assert written_down(redis, within_s=20)
        assert [row["openid"] for row in taken] == ["oA"]
    finally:
        stop.set()
        running.join(10)


def test_what_is_told_later_is_not_waited_for(redis: RedisStore) -> None:
    assert written_down(redis, within_s=0)
    redis.client.xadd(STREAM, {"key": "k1", "notes": SEEN})
    assert not written_down(redis, within_s=0)  # nobody reads: given up, not waited for ever


def test_without_redis_planning_goes_on_at_once() -> None:
    assert not written_down(RedisStore(""))
