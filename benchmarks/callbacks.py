"""Callbacks: our edge against WeRoBot and wechatpy + Flask, the same signed AES load, alternating.

`python -m benchmarks.callbacks [OUT.json] [--requests N] [--rounds N] [--connections N]`
"""

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

from benchmarks.callback_bodies import answer_to, make_requests, opened
from benchmarks.candidates import Candidate, house, ours, peers
from benchmarks.load import Result, drive
from core.settings import Settings
from ops.redis_binary import redis_binary

ROOT = Path(__file__).parent.parent
WARM_UP = 600


@contextmanager
def running_redis() -> Iterator[str]:
    """A Redis of our own, set up as the embedded one (append-only)."""
    folder = Path(tempfile.mkdtemp(prefix="yg-bench-"))
    path = folder / "r.sock"
    command = [str(redis_binary()), "--port", "0", "--unixsocket", str(path), "--save", ""]
    command += ["--appendonly", "yes", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not path.exists():
            time.sleep(0.01)
        yield f"unix://{path}"
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port on which nobody listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(candidate: Candidate, redis_url: str) -> Iterator[tuple[psutil.Process, int]]:
    """The candidate's process and port, once it answers."""
    port = free_port()
    fill = {"{port}": str(port), "{redis}": redis_url}
    command = [fill.get(word, word) for word in candidate.command]
    command[0] = str(Path(sys.executable).parent / command[0])
    env = {name: fill.get(value, value) for name, value in candidate.env.items()}
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    env = {**os.environ, "PYTHONPATH": paths, **env}
    quiet = subprocess.DEVNULL
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=log) as process,
    ):
        try:
            _wait(port, process, log)
            yield psutil.Process(process.pid), port
        finally:
            if process.poll() is None:
                for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                    one.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    for _ in range(2_400):  # an index of 10 000 entries takes its time
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                log.seek(0)
                said = log.read()[-2_000:].decode("utf8", "replace")
                raise RuntimeError(f"{process.args} ended: {said}") from None
            time.sleep(0.05)
        else:
            time.sleep(1.0)  # the second worker too
            return
    raise RuntimeError(f"{process.args} does not listen")


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds of a process and its children, user and system."""
    times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def measure(
    candidate: Candidate, settings: Settings, redis_url: str, number: int, connections: int
) -> dict[str, Any]:
    """One round of one candidate: its figures, checked answers counted."""
    warm = make_requests(settings, candidate.texts, WARM_UP)
    requests = make_requests(settings, candidate.texts, number)
    with serving(candidate, redis_url) as (process, port):
        address = ("127.0.0.1", port)
        drive(address, warm, connections)
        before = cpu_s(process)
        result = drive(address, requests, connections)
        used_s = cpu_s(process) - before
        together = [process, *process.children(recursive=True)]
        memory = sum(one.memory_full_info().pss for one in together)  # what is shared counts once
    return {
        "per_second": round(result.per_second, 1),
        "p50_ms": round(result.percentile_ms(0.5), 2),
        "p99_ms": round(result.percentile_ms(0.99), 2),
        "cpu_us": round(used_s / number * 1e6, 1),
        "memory_mib": round(memory / 2**20, 1),
        "statuses": dict(result.statuses),
        "wrong": wrong_answers(candidate, settings, result),
    }


def wrong_answers(candidate: Candidate, settings: Settings, result: Result) -> int:
    """How many of the kept answers do not decrypt, or are not the keyword's."""
    wrong = 0
    for number, body in result.bodies.items():
        text = candidate.texts[number % len(candidate.texts)]
        try:
            said = opened(settings, body)
            wrong += said != answer_to(text) if candidate.keywords else not said
        except Exception:
            wrong += 1
    return wrong


def spread(rounds: Sequence[dict[str, Any]], name: str) -> dict[str, float]:
    values = [one[name] for one in rounds]
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def times(
    ones: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], name: str
) -> dict[str, float]:
    """How many times the others' figure the ones' is, round by round: median and spread."""
    each = [{name: round(a[name] / b[name], 2)} for a, b in zip(ones, others, strict=True)]
    return spread(each, name)


def compare(rounds: int, number: int, connections: int) -> dict[str, Any]:
    """All candidates in turn, round after round, the order turned each time."""
    settings = Settings.from_env()
    with tempfile.TemporaryDirectory(prefix="yg-bench-") as folder:
        found = [*ours(), *house(Path(folder)), *peers()]
        measured: dict[str, list[dict[str, Any]]] = {one.name: [] for one in found}
        for turn in range(rounds):
            for candidate in found if turn % 2 == 0 else found[::-1]:
                with running_redis() as redis_url:
                    figures = measure(candidate, settings, redis_url, number, connections)
                measured[candidate.name].append(figures)
                print(f"{turn + 1}/{rounds} {candidate.name}: {figures}", file=sys.stderr)
    return summary(found, measured, {"requests": number, "connections": connections})


def summary(
    found: Sequence[Candidate], measured: dict[str, list[dict[str, Any]]], load: dict[str, int]
) -> dict[str, Any]:
    """Medians and spreads, and how many times the best documented peer's ours are."""
    names = ("per_second", "p50_ms", "p99_ms", "cpu_us", "memory_mib")
    table = {
        name: {key: spread(rounds, key) for key in names} | {"rounds": rounds}
        for name, rounds in measured.items()
    }
    rates = {name: row["per_second"]["median"] for name, row in table.items()}
    costs = {name: row["cpu_us"]["median"] for name, row in table.items()}
    documented = [one.name for one in found if one.documented]
    best, thrifty = max(documented, key=rates.__getitem__), min(documented, key=costs.__getitem__)
    ratios = {
        one.name: {
            "per_second": times(measured[one.name], measured[best], "per_second"),
            "cpu": times(measured[thrifty], measured[one.name], "cpu_us"),
        }
        for one in found
        if one.ours
    }
    return {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "load": load,
        "best_peer": best,
        "times_the_best_peer": ratios,
        "candidates": table,
    }


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--requests", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args(words)
    told = compare(given.rounds, given.requests, given.connections)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(text + "\n", "utf8")
    else:
        print(text)


if __name__ == "__main__":
    main()
