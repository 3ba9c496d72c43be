"""Redis as the edge may use it: one round trip, and no waiting while it is away."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.client import Pipeline

from core.redis_store import BREAKER_S, RedisAway, RedisStore
from ops.redis_binary import redis_binary
from tests.waiting import quickest, until


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's name has at most 107 bytes."""
    path = Path(tempfile.mkdtemp(prefix="yg-core-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A Redis of this test's own on folder/r.sock, ready to answer."""
    command = [str(redis_binary()), "--port", "0", "--unixsocket", str(folder / "r.sock")]
    server = subprocess.Popen(
        [*command, "--dir", str(folder), "--save", ""], stdout=subprocess.DEVNULL
    )
    store = RedisStore(f"unix://{folder / 'r.sock'}")
    until(store.alive)
    store.close()
    return server


def count(pipeline: Pipeline) -> None:
    pipeline.incr("yg:test")


def tried(store: RedisStore) -> list[int]:
    """What a trip brings; nothing while Redis is away."""
    try:
        return store.trip(count)
    except RedisAway:
        return []


def test_a_trip_brings_the_answers_in_order(redis: RedisStore) -> None:
    def fill(pipeline: Pipeline) -> None:
        pipeline.set("yg:a", "1", nx=True)
        pipeline.set("yg:a", "2", nx=True)
        pipeline.get("yg:a")

    assert redis.trip(fill) == [True, None, b"1"]


def test_a_stopped_redis_is_away_and_then_not_asked(folder: Path) -> None:
    server = start(folder)
    store = RedisStore(f"unix://{folder / 'r.sock'}")
    assert store.trip(count) == [1]
    server.terminate()
    server.wait(10)
    with pytest.raises(RedisAway):
        store.trip(count)

    def turned_away() -> None:
        with pytest.raises(RedisAway, match="breaker"):
            store.trip(count)

    assert quickest(turned_away, 20) < 0.02
    assert not store.alive()
    store.close()


@pytest.mark.slow
def test_a_redis_that_came_back_is_used_again(folder: Path) -> None:
    server = start(folder)
    store = RedisStore(f"unix://{folder / 'r.sock'}")
    server.terminate()
    server.wait(10)
    with pytest.raises(RedisAway):
        store.trip(count)
    server = start(folder)
    assert until(lambda: tried(store), within_s=BREAKER_S + 2) == [1]
    store.close()
    server.terminate()
    server.wait(10)


def test_a_redis_that_hangs_is_left_within_half_a_second() -> None:
    """A port that takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def given_up() -> None:
            store = RedisStore(f"redis://127.0.0.1:{silent.getsockname()[1]}")
            with pytest.raises(RedisAway):
                store.trip(count)
            store.close()

        assert quickest(given_up) < 0.5


def test_a_wrong_command_is_our_fault_and_not_an_absence(redis: RedisStore) -> None:
    """The breaker is for a Redis that is away, not for bugs."""
    redis.client.set("yg:text", "x")
    with pytest.raises(Exception, match="integer"):
        redis.trip(lambda pipeline: pipeline.incr("yg:text"))
    assert redis.trip(count) == [1]
