"""A push through a real `flask worker`: from the committed push to the last recorded outcome.

    python -m benchmarks.push_worker [FOLLOWERS] [--rate MESSAGES_A_SECOND] [--database URL]

With --rate 1 little is sent: what is measured is the memory of a worker that has planned it all.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from benchmarks.push import TEMPLATE, make_people, wechat
from bot.outbound import outbox, progress
from bot.outbound.models import Push
from bot.outbound.notice import Notice, Topic
from core.clock import SystemClock
from core.db import Database
from core.migrating import upgrade
from core.settings import ROOT
from ops.redis_binary import redis_binary

WITHIN_S = 900.0
NOTICE = Notice("决算公开", "预决算", "2026-03-02", "2025年度市级决算已公开。" * 5)


def main() -> None:
    options = read_options()
    with wechat() as url, tempfile.TemporaryDirectory() as folder:
        database = Database(options.database or f"sqlite:///{folder}/push.db")
        upgrade(database)
        make_people(database, options.followers)
        with (
            redis(folder) as redis_url,
            worker(folder, database, redis_url, url, options.rate) as pid,
        ):
            figures = measure(database, pid, sending=options.rate > 1)
            figures["received"] = requests.get(f"{url}/count", timeout=5).json()
        database.close()
    print(json.dumps(figures, indent=1))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("followers", type=int, nargs="?", default=20_000)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--database", default="")
    return parser.parse_args()


@contextmanager
def redis(folder: str) -> Iterator[str]:
    """A Redis of its own; gives its URL."""
    socket = Path(folder) / "r.sock"
    command = [str(redis_binary()), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    process = subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            time.sleep(0.02)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def worker(folder: str, database: Database, redis_url: str, url: str, rate: int) -> Iterator[int]:
    """A worker as the house runs it; gives its process id."""
    env = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        "DATA_DIR": f"{folder}/data",
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "REDIS_URL": redis_url,
        "WECHAT_API_URL": url,
        "WECHAT_NOTICE_DISCLOSURE": TEMPLATE,
        "QUIET_HOURS": "",
        "PUSH_RATE": str(rate),
        "SEED": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(4)  # its start is not what is measured
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(database: Database, pid: int, *, sending: bool) -> dict[str, Any]:
    """From the commit of a push until it is done, or until it is planned."""
    with database.write() as db:
        push = outbox.put(db, NOTICE, Topic("budget"), SystemClock().now(), origin_key="bench")
    began, worked = time.perf_counter(), cpu_s(pid)
    planned_s = 0.0
    while time.perf_counter() - began < WITHIN_S:
        with database.read() as db:
            row = db.get_one(Push, push.id)
        planned_s = planned_s or (time.perf_counter() - began if row.planned_at else 0.0)
        if row.state == "done" or (planned_s and not sending):
            break
        time.sleep(0.1)
    spent = time.perf_counter() - began
    with database.read() as db:
        status = dict(progress.of(db, push.id))
    return {
        "status": status,
        "planned_s": round(planned_s, 1),
        "messages_per_s": round(int(status["sent"]) / spent),
        "cpu_s_per_1000": round((cpu_s(pid) - worked) / max(int(status["sent"]), 1) * 1_000, 3),
        "most_resident_mib": most_resident_mib(pid),
    }


def cpu_s(pid: int) -> float:
    """CPU a process has used so far, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_resident_mib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main()
