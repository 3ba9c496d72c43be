"""Real workers: killed, shared, their Redis and database gone, they lose and double nobody."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from core.db import Database
from core.redis_store import RedisStore
from ops.redis_binary import redis_binary
from tests.bot.outbound.wechat_server import WechatServer, wechat_at_work
from tests.ops.push_at_work import Work, at_work
from tests.waiting import until

pytestmark = pytest.mark.slow
KILLS = 10


@pytest.fixture
def wechat() -> Iterator[WechatServer]:
    with wechat_at_work() as server:
        yield server


def test_two_workers_share_a_push_without_overlap(
    tmp_path: Path, postgres: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    work = Work(postgres, redis.url, wechat, tmp_path)
    work.begin(3_000)
    with at_work(work, workers=2):
        told = work.finish()
    assert told["sent"] == work.told == 3_000


def test_ten_workers_killed_in_mid_segment_at_random_lose_and_double_nobody(
    tmp_path: Path, database: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    seed = int(os.environ.get("FAULT_SEED", time.time_ns() % 100_000))
    print(f"FAULT_SEED={seed}")  # noqa: T201  shown when the test fails, to play it again
    dice = random.Random(seed)
    work = Work(database, redis.url, wechat, tmp_path, rate=160)
    work.begin(3_000)
    with at_work(work, workers=2):
        for goal in sorted(dice.sample(range(50, 1_200), KILLS)):
            work.reach(max(goal, work.told + 1))
            victim = next(one for one in work.running if one.poll() is None)  # long at work
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            work.start()
        told = work.finish()
    assert told["sent"] + told["unknown"] == 3_000
    assert set(told["reasons"]) <= {"interrupted"}
    assert told["sent"] > told["unknown"] > 0, "no kill hit a segment"


def test_an_emptied_redis_loses_no_notice(
    tmp_path: Path, database: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    work = Work(database, redis.url, wechat, tmp_path)
    work.begin(1_500)
    with at_work(work):
        work.reach(100)
        redis.client.flushall()
        told = work.finish()
    assert told["sent"] == work.told == 1_500


@contextmanager
def own_redis(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis that keeps its data in a folder, on a socket there."""
    folder.mkdir(exist_ok=True)
    socket = folder / "r.sock"
    socket.unlink(missing_ok=True)
    command = [
        str(redis_binary()),
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen([*command, "--appendonly", "yes"], stdout=subprocess.DEVNULL)
    try:
        until(socket.exists)
        yield process
    finally:
        process.kill()
        process.wait(10)


def test_a_redis_killed_and_robbed_of_its_data_loses_no_notice(
    tmp_path: Path, database: Database, wechat: WechatServer
) -> None:
    folder = tmp_path / "redis"
    work = Work(database, f"unix://{folder}/r.sock", wechat, tmp_path)
    work.begin(2_500)
    with own_redis(folder) as first, at_work(work):
        work.reach(100)
        first.kill()
        first.wait(10)
        shutil.rmtree(folder)
        before = work.told
        with own_redis(folder):
            told = work.finish()
    assert before < 2_500, "it was over before Redis died"
    assert told["sent"] == work.told == 2_500


def test_cut_database_connections_lose_and_double_nobody(
    tmp_path: Path, postgres: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    work = Work(postgres, redis.url, wechat, tmp_path)
    work.begin(2_500)
    with at_work(work) as at:
        for goal in (100, 500, 900):
            work.reach(goal)
            cut_others(postgres)
        told = work.finish()
        assert at.running[0].poll() is None, "the worker did not wait the outage out"
    assert told["sent"] + told["unknown"] == 2_500
    assert set(told["reasons"]) <= {"interrupted"}


def cut_others(database: Database) -> None:
    """Every connection to this database but our own is gone, in whatever it was doing."""
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with database.engine.connect() as connection:
        assert connection.execute(text(statement)).all(), "nobody was connected"
