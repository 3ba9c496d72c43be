"""A repeat gets the first answer's bytes: one lease while at work, one mark and the bytes after.

The lease lives 5 s, as long as WeChat waits. The mark outlives the freshness window on both
sides, so that a replayed request is recognised although its bytes are no longer kept.
"""

from collections.abc import Iterator
from typing import Any

from redis.client import Pipeline

LEASE_MS = 5_000
KEPT_MS = 60_000
REMEMBERED_MS = 21 * 60 * 1_000
DONE = b"done"
RELEASE = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) end return 0"


def put_claim(pipe: Pipeline, key: str, token: bytes, lease_ms: int = LEASE_MS) -> None:
    """Two commands: take the lease if it is free, and read whose it is."""
    pipe.set(f"yg:seen:{key}", token, nx=True, px=lease_ms)
    pipe.get(f"yg:seen:{key}")


def read_claim(answers: Iterator[Any]) -> bytes:
    """Who holds the message: our token, another's, or DONE. A vanished one reads as b''."""
    next(answers)
    return next(answers) or b""


def put_look(pipe: Pipeline, key: str) -> None:
    """One command: the bytes that were answered."""
    pipe.get(f"yg:kept:{key}")


def put_keep(pipe: Pipeline, key: str, body: bytes) -> None:
    """Two commands: the message is done, and these are its bytes."""
    pipe.set(f"yg:seen:{key}", DONE, px=REMEMBERED_MS)
    pipe.set(f"yg:kept:{key}", body, px=KEPT_MS)


def put_release(pipe: Pipeline, key: str, token: bytes) -> None:
    """One command: give the lease back, if it is still ours, so that a repeat may try."""
    pipe.eval(RELEASE, 1, f"yg:seen:{key}", token)
