"""A push from plan to recorded outcome: messages a second, CPU a message, memory; JSON on stdout.

    python -m benchmarks.push [FOLLOWERS] [--route kefu|notice_long|template] [--plan-only]
                              [--database URL]

In the same run wechatpy's own client sends in 64 threads, for comparison.
"""

import argparse
import json
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import insert
from wechatpy import WeChatClient

from bot.followers import topics
from bot.followers.models import Follow, Follower
from bot.outbound import outbox, progress, sender
from bot.outbound.bulk import BulkPost
from bot.outbound.limiter import Limiter
from bot.outbound.models import Consent, Window
from bot.outbound.notice import Notice, Topic
from bot.outbound.rules import Route, Rules
from bot.outbound.sender import Engine
from bot.outbound.wechat_api import WechatApi
from core.clock import SystemClock
from core.db import Database
from core.migrating import upgrade
from core.redis_store import RedisStore
from core.settings import Settings

NO_LIMIT = 1_000_000
THREADS = 3
COMPARED = 4_000
TEMPLATE = "T-1"


def main() -> None:
    options = read_options()
    with wechat() as url, tempfile.TemporaryDirectory() as folder:
        database = Database(options.database or f"sqlite:///{folder}/push.db")
        upgrade(database)
        make_people(database, options.followers)
        figures = measure(database, url, Route(options.route), plan_only=options.plan_only)
        if not options.plan_only:
            figures["received"] = requests.get(f"{url}/count", timeout=5).json()
            figures["wechatpy_64_threads"] = compare(url)
        database.close()
    print(json.dumps(figures, indent=1))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("followers", type=int, nargs="?", default=20_000)
    parser.add_argument("--route", default="kefu", choices=["kefu", "notice_long", "template"])
    parser.add_argument("--plan-only", action="store_true")
    parser.add_argument("--database", default="")
    return parser.parse_args()


@contextmanager
def wechat() -> Iterator[str]:
    """The counting WeChat in a process of its own; gives its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.push_wechat", str(port)])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the counting WeChat did not start")


def make_people(database: Database, count: int) -> None:
    """Followers of one topic, each with an open window and a long-term consent."""
    now = SystemClock().now()
    since, until = now - timedelta(days=1), now + timedelta(hours=40)
    with database.write() as db:
        topics.load_reference(db)
    for start in range(0, count, 10_000):
        openids = [f"o{i:027d}" for i in range(start, min(start + 10_000, count))]
        window = {"kefu_until": until, "kefu_left": 5, "trigger": "message", "seen_at": since}
        follow = {"topic": "budget", "since": since, "source": "bench"}
        person = {"following": True, "scene": ""}
        consent = {"template_id": TEMPLATE, "kind": "long", "credits": 0, "changed_at": since}
        with database.write() as db:
            db.execute(insert(Follower), [{"openid": o, **person} for o in openids])
            db.execute(insert(Follow), [{"openid": o, **follow} for o in openids])
            db.execute(insert(Window), [{"openid": o, **window} for o in openids])
            db.execute(insert(Consent), [{"openid": o, **consent} for o in openids])


def measure(database: Database, url: str, route: Route, *, plan_only: bool) -> dict[str, Any]:
    """Plan one push, and send it by one route unless told not to."""
    redis = RedisStore("redis://127.0.0.1:9/0")  # nobody there: a process alone
    ids = {"wechat_notice_disclosure": TEMPLATE, "wechat_template_disclosure": TEMPLATE}
    rules = Rules.of(Settings(push_rate=NO_LIMIT, quiet_hours="", push_routes=(route,), **ids))
    api = WechatApi("wx", "secret", url, redis)
    post = BulkPost(api.base_url, api.tokens)
    clock = SystemClock()
    limiter = Limiter(redis, NO_LIMIT)
    engine = Engine(database, clock, clock, post, limiter, rules)
    notice = Notice("决算公开", "预决算", "2026-03-02", "2025年度市级决算已公开。" * 5)
    with database.write() as db:
        push = outbox.put(db, notice, Topic("budget"), clock.now(), origin_key="bench")
    began, cpu = time.perf_counter(), time.process_time()
    made: list[int] = []
    sender.plan(engine, push.id, made.extend)
    planned = time.perf_counter()
    if not plan_only:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda segment: sender.work(engine, segment), made))
    ended = time.perf_counter()
    post.close()
    with database.read() as db:
        status = dict(progress.of(db, push.id))
    total = int(status["total"])
    return {
        "status": status,
        "plan_s": round(planned - began, 2),
        "messages_per_s": round(int(status["sent"]) / (ended - began)),
        "cpu_s_per_1000": round((time.process_time() - cpu) / max(total, 1) * 1_000, 3),
        "resident_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def compare(url: str) -> dict[str, float]:
    """wechatpy's client as people use it for many messages: 64 threads, one session."""

    class Client(WeChatClient):  # type: ignore[misc]
        API_BASE_URL = f"{url}/cgi-bin/"

    client = Client("wx", "secret", access_token="T")
    client._http.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=64))

    def send(number: int) -> None:
        client.message.send_text(f"o{number}", "2025年度市级决算已公开。" * 5)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(send, range(64)))
        began, cpu = time.perf_counter(), time.process_time()
        list(pool.map(send, range(COMPARED)))
        spent, worked = time.perf_counter() - began, time.process_time() - cpu
    per_1000 = round(worked / COMPARED * 1_000, 3)
    return {"messages_per_s": round(COMPARED / spent), "cpu_s_per_1000": per_1000}


if __name__ == "__main__":
    main()
