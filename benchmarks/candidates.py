"""The servers that are compared, each as its own manual runs it, and on ours as well."""

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.callback_bodies import KEYWORDS
from benchmarks.ten_thousand import prepare


@dataclass(frozen=True)
class Candidate:
    """One server to measure. `{port}` and `{redis}` are filled into command and environment.

    documented: a peer served as its manual says; the ratios are taken to the best of these.
    """

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = KEYWORDS
    ours: bool = False
    documented: bool = False
    keywords: bool = True


def granian(app: str) -> tuple[str, ...]:
    """As `make run` serves it: two processes, threads as granian chooses."""
    flags = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}")
    return ("granian", *flags, "--workers", "2", "--no-ws", "--log-level", "error", app)


def module(name: str, *words: str) -> tuple[str, ...]:
    return ("python", "-m", name, *words)


def ours() -> list[Candidate]:
    edge = granian("benchmarks.apps.ours:app")
    redis = {"BENCH_REDIS": "{redis}"}
    return [
        Candidate("edge, 10 keywords", edge, ours=True),
        Candidate("edge, 10 keywords, dedupe, limit, dialog, journal", edge, redis, ours=True),
    ]


def house(folder: Path) -> list[Candidate]:
    """The whole product over 10 000 entries: every question another, and 200 in turn."""
    texts = prepare(folder)
    env = {"DATA_DIR": str(folder), "REDIS_URL": "{redis}", "SANDBOX": "0", "SEED": "0"}
    serve = ("python", "-m", "wsgi", *granian("wsgi:app"))
    return [
        Candidate("house, 10 000 entries, all different", serve, env, texts, True, keywords=False),
        Candidate(
            "house, 10 000 entries, 200 in turn", serve, env, texts[:200], True, keywords=False
        ),
    ]


def peers() -> list[Candidate]:
    """On every server that is installed here."""
    robot, echo = "benchmarks.apps.werobot_robot", "benchmarks.apps.wechatpy_flask:app"
    own = [
        Candidate(f"WeRoBot on {server}", module(robot, server, "{port}"), documented=True)
        for server in ("tornado", "waitress")
        if importlib.util.find_spec(server)
    ]
    run = ("flask", "--app", echo, "run", "--port", "{port}")
    return [
        *own,
        Candidate("wechatpy + Flask, app.run", run, documented=True),
        Candidate("WeRoBot on our server", granian(f"{robot}:app")),
        Candidate("wechatpy + Flask on our server", granian(echo)),
    ]
