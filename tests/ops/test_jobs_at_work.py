"""Real worker processes: killed, shared, their queue emptied, they lose and double nobody."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.followers import topics
from bot.followers.models import Follow, Follower
from bot.outbound import outbox, progress
from bot.outbound.models import Window
from bot.outbound.notice import Notice, Topic
from core.clock import SystemClock
from core.db import Database
from core.redis_store import RedisStore
from core.settings import ROOT
from tests.bot.outbound.wechat_server import SECRET, WechatServer, wechat_at_work
from tests.waiting import until

pytestmark = pytest.mark.slow
SEND = "/cgi-bin/message/custom/send"
NOTICE = Notice("决算公开", "预决算", "2026-03-02", "决算已公开。")


@pytest.fixture
def wechat() -> Iterator[WechatServer]:
    with wechat_at_work() as server:
        yield server


def make_people(database: Database, count: int) -> None:
    """Followers of a topic whose windows are open."""
    now = SystemClock().now()
    openids = [f"o{i:05d}" for i in range(count)]
    with database.write() as db:
        topics.load_reference(db)
        people = [{"openid": o, "following": True, "scene": ""} for o in openids]
        db.execute(insert(Follower), people)
        since = now - timedelta(hours=1)
        follows = [{"topic": "budget", "openid": o, "since": since} for o in openids]
        db.execute(insert(Follow), [{**row, "source": "chat"} for row in follows])
        window = {"kefu_until": now + timedelta(hours=40), "kefu_left": 5, "trigger": "message"}
        db.execute(insert(Window), [{"openid": o, "seen_at": now, **window} for o in openids])


def begin(database: Database) -> int:
    now = SystemClock().now()
    with database.write() as db:
        return outbox.put(db, NOTICE, Topic("budget"), now, origin_key="k").id


@contextmanager
def workers(
    count: int, tmp_path: Path, database: Database, redis: RedisStore, wechat: WechatServer
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`flask worker` processes, as the house runs them."""
    env = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "REDIS_URL": redis.url,
        "WECHAT_API_URL": wechat.url,
        "WECHAT_APP_SECRET": SECRET,
        "QUIET_HOURS": "",
        "PUSH_RATE": "400",
        "SEED": "0",
    }
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        log = (tmp_path / f"worker-{len(running)}.log").open("wb")
        command = [sys.executable, "-m", "flask", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        log.close()
        running.append(process)
        return process

    try:
        for _ in range(count):
            start()
        workers.start = start  # type: ignore[attr-defined]
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait(60)


def status(database: Database, push_id: int) -> dict[str, int]:
    with database.read() as db:
        return dict(progress.of(db, push_id))


def received(wechat: WechatServer) -> Counter[str]:
    """The receiving side's own count of accepted messages."""
    return Counter(str(one.body["touser"]) for one in wechat.calls(SEND))


def test_two_workers_share_a_push_without_overlap(
    tmp_path: Path, postgres: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    make_people(postgres, 3_000)
    push_id = begin(postgres)
    with workers(2, tmp_path, postgres, redis, wechat):
        until(lambda: status(postgres, push_id)["state"] == "done", within_s=90, every_s=0.2)
    told = status(postgres, push_id)
    assert told["sent"] == 3_000, told
    assert len(received(wechat)) == 3_000
    assert set(received(wechat).values()) == {1}


def test_workers_killed_in_mid_segment_lose_and_double_nobody(
    tmp_path: Path, database: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    make_people(database, 1_500)
    push_id = begin(database)
    with workers(1, tmp_path, database, redis, wechat) as running:
        for goal in (200, 600, 1_000):
            until(lambda goal=goal: len(wechat.calls(SEND)) >= goal, within_s=60, every_s=0.01)
            running[-1].send_signal(signal.SIGKILL)
            running[-1].wait(60)
            workers.start()  # type: ignore[attr-defined]
        until(lambda: status(database, push_id)["state"] == "done", within_s=120, every_s=0.2)
    told, got = status(database, push_id), received(wechat)
    assert max(got.values()) == 1
    assert told["total"] == 1_500
    assert told["sent"] + told["unknown"] == 1_500
    assert told["sent"] <= len(got) <= 1_500
    assert told["reasons"].get("interrupted", 0) == told["unknown"]  # type: ignore[attr-defined]


def test_an_emptied_redis_loses_no_notice(
    tmp_path: Path, database: Database, redis: RedisStore, wechat: WechatServer
) -> None:
    make_people(database, 1_500)
    push_id = begin(database)
    with workers(1, tmp_path, database, redis, wechat):
        until(lambda: len(wechat.calls(SEND)) >= 100, within_s=60, every_s=0.01)
        redis.client.flushall()
        until(lambda: status(database, push_id)["state"] == "done", within_s=150, every_s=0.2)
    told = status(database, push_id)
    assert told["sent"] == 1_500, told
    assert set(received(wechat).values()) == {1}
