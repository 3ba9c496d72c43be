"""The whole house at rest and at its beginning: start-up, memory, idle CPU, what a callback logs.

`python -m benchmarks.house [OUT.json] [--rounds N] [--idle SECONDS] [--callbacks N]`
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.callback_bodies import KEYWORDS, make_requests
from benchmarks.callbacks import free_port, spread
from benchmarks.load import drive
from core.defaults import with_defaults
from core.settings import ROOT, Settings

CONNECTIONS = 8
PARTS = {  # by the command line; the launcher's own comes last
    "redis-server": "redis",
    "flask worker": "worker",
    "-m sandbox": "sandbox",
    "granian": "web",
    "ops.embedded": "launcher",
}


@contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[psutil.Process, float]]:
    """The launcher of a house that says it is ready, and the seconds that took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "ops.embedded"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as launcher:
        try:
            assert launcher.stdout is not None
            next(line for line in launcher.stdout if "Ready." in line)
            yield psutil.Process(launcher.pid), time.monotonic() - began
        finally:
            launcher.send_signal(signal.SIGTERM)
            launcher.wait(60)


def family(launcher: psutil.Process) -> list[psutil.Process]:
    return [launcher, *launcher.children(recursive=True)]


def cpu_s(processes: Sequence[psutil.Process]) -> float:
    """CPU seconds they have used so far, user and system."""
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def part_of(process: psutil.Process) -> str:
    """What it is; a process that answers is told from the one it was forked from."""
    command = " ".join(process.cmdline())
    part = next((name for word, name in PARTS.items() if word in command), command[:40])
    parent = process.parent()
    forked = part == "web" and parent is not None and "granian" in " ".join(parent.cmdline())
    return "web, answering" if forked else part


def memory(processes: Sequence[psutil.Process]) -> list[dict[str, Any]]:
    """MiB of each: resident; its share of what is shared; its own alone."""
    rows = []
    for one in processes:
        told = one.memory_full_info()
        sizes = {"rss": told.rss, "pss": told.pss, "uss": told.uss}
        rows.append({"part": part_of(one)} | {k: round(v / 2**20, 1) for k, v in sizes.items()})
    return rows


def logged(data_dir: Path) -> int:
    """Bytes of all logs."""
    return sum(log.stat().st_size for log in (data_dir / "logs").glob("*.log"))


def at_rest(launcher: psutil.Process, seconds: float) -> float:
    """Percent of one core the house uses while nobody asks."""
    processes = family(launcher)
    before, began = cpu_s(processes), time.monotonic()
    time.sleep(seconds)
    return round(100 * (cpu_s(processes) - before) / (time.monotonic() - began), 2)


def log_volume(env: dict[str, str], count: int) -> float:
    """Bytes a good callback adds to the logs."""
    data_dir, port = Path(env["DATA_DIR"]), int(env["PORT"])
    settings = with_defaults(replace(Settings.from_env(env), data_dir=data_dir))
    before = logged(data_dir)
    result = drive(("127.0.0.1", port), make_requests(settings, KEYWORDS, count), CONNECTIONS)
    assert set(result.statuses) == {200}, result.statuses
    return round((logged(data_dir) - before) / count, 2)


def measure(rounds: int, idle_s: float, callbacks: int) -> dict[str, Any]:
    """Starts the house once to fill it, then so often for the figures; the last stays a while."""
    with tempfile.TemporaryDirectory(prefix="yg-bench-") as folder:
        given = {"DATA_DIR": folder, "PORT": str(free_port()), "SANDBOX_PORT": str(free_port())}
        env = {**os.environ, **given, "QUIET_HOURS": ""}
        with running(env) as (_, first_s):
            pass
        starts: list[dict[str, float]] = []
        told: dict[str, Any] = {"first_start_s": round(first_s, 1)}
        for turn in range(rounds):
            with running(env) as (launcher, took_s):
                used_s = cpu_s(family(launcher))
                starts.append({"wall_s": round(took_s, 2), "cpu_s": round(used_s, 2)})
                if turn == rounds - 1:
                    time.sleep(min(10.0, idle_s))  # what a start still has to do is no rest
                    told["idle_percent_of_a_core"] = at_rest(launcher, idle_s)
                    told["memory_mib"] = memory(family(launcher))
                    told["log_bytes_a_callback"] = log_volume(env, callbacks)
    later = {name: spread(starts, name) for name in ("wall_s", "cpu_s")}
    return {**told, "later_start": later, "rounds": starts, "load": os.getloadavg()[0]}


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=float, default=60.0)
    parser.add_argument("--callbacks", type=int, default=2_000)
    given = parser.parse_args(words)
    text = json.dumps(
        measure(given.rounds, given.idle, given.callbacks), ensure_ascii=False, indent=1
    )
    if given.out:
        given.out.write_text(text + "\n", "utf8")
    else:
        print(text)


if __name__ == "__main__":
    main()
