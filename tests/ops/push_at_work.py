"""A push with real parts: worker processes, a WeChat over HTTP that keeps count, and the proof."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.followers import topics
from bot.followers.models import Follow, Follower
from bot.outbound import outbox, progress
from bot.outbound.models import Delivery, Window
from bot.outbound.notice import Notice, Topic
from core.clock import SystemClock
from core.db import Database
from core.settings import ROOT
from tests.bot.outbound.wechat_server import SECRET, WechatServer
from tests.waiting import until

SEND = "/cgi-bin/message/custom/send"
NOTICE = Notice("决算公开", "预决算", "2026-03-02", "决算已公开。")
HASTE_S = 4.0
NAMED = ("waiting", "failed", "unknown", "suppressed")


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


@dataclass
class Work:
    """A push on its way, and whatever works on it."""

    database: Database
    redis_url: str
    wechat: WechatServer
    folder: Path
    rate: int = 400
    push_id: int = 0
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self, people: int) -> None:
        make_people(self.database, people)
        now = SystemClock().now()
        with self.database.write() as db:
            push = outbox.put(db, NOTICE, Topic("budget"), now, origin_key="k")
        self.push_id = push.id

    def start(self) -> subprocess.Popen[bytes]:
        """One worker more."""
        env = {
            **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "REDIS_URL": self.redis_url,
            "WECHAT_API_URL": self.wechat.url,
            "WECHAT_APP_SECRET": SECRET,
            "QUIET_HOURS": "",
            "PUSH_RATE": str(self.rate),
            "SEED": "0",
            "HASTE_S": str(HASTE_S),
        }
        log = (self.folder / f"worker-{len(self.running)}.log").open("wb")
        command = [sys.executable, "-m", "tests.ops.hasty_worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        log.close()
        self.running.append(process)
        return process

    @property
    def told(self) -> int:
        """Messages accepted so far, as the receiving side counts them."""
        return len(self.wechat.calls(SEND))

    def reach(self, messages: int) -> None:
        until(lambda: self.told >= messages, within_s=120, every_s=0.01)

    def status(self) -> dict[str, Any]:
        with self.database.read() as db:
            return dict(progress.of(db, self.push_id))

    def finish(self, within_s: float = 180) -> Mapping[str, Any]:
        """Wait for the end; then each person has one message or one reason, and nobody two."""
        until(lambda: self.status()["state"] == "done", within_s=within_s, every_s=0.2)
        return prove(self.database, self.push_id, received(self.wechat))


@contextmanager
def at_work(work: Work, workers: int = 1) -> Iterator[Work]:
    """So many workers; all are gone at the end."""
    try:
        for _ in range(workers):
            work.start()
        yield work
    finally:
        for process in work.running:
            process.kill()
            process.wait(10)


def received(wechat: WechatServer) -> Counter[str]:
    """The receiving side's own count of accepted messages."""
    return Counter(str(one.body["touser"]) for one in wechat.calls(SEND))


def prove(database: Database, push_id: int, got: Counter[str]) -> Mapping[str, Any]:
    """0 lost, 0 twice: our rows held against what arrived. Gives the status."""
    with database.read() as db:
        told = dict(progress.of(db, push_id))
        rows = db.query(Delivery).where(Delivery.push_id == push_id).all()
    assert told["total"] == len(rows) == sum(told[n] for n in (*NAMED, "sent", "pending")), told
    assert told["pending"] == 0, told
    assert max(got.values()) == 1, "somebody was told twice"
    assert [r.openid for r in rows if r.state == "sent" and not got[r.openid]] == []
    assert [r.openid for r in rows if r.state != "sent" and not r.reason] == []
    strangers = {r.openid for r in rows if r.state not in ("sent", "unknown") and got[r.openid]}
    assert not strangers, "told, and recorded as not told"
    return told
