"""Our own trips to Redis: the answers in order, errors by command, and never a long wait."""

import os
import signal
import time
from pathlib import Path

import pytest
from redis import ResponseError

from core.redis_store import READ_TIMEOUT_S, RedisAway, RedisStore
from tests.core.test_redis_store import folder, start
from tests.waiting import stretched

__all__ = ["folder"]


def test_the_answers_come_in_order_and_as_redis_gives_them(redis: RedisStore) -> None:
    commands = [("SET", "yg:a", b"\x00\xff"), ("GET", "yg:a"), ("GET", "yg:none"), ("INCR", "yg:n")]
    assert redis.ask(commands) == [b"OK", b"\x00\xff", None, 1]


def test_an_answer_larger_than_one_read_comes_whole(redis: RedisStore) -> None:
    large = os.urandom(1_000_000)
    assert redis.ask([("SET", "yg:large", large), ("GET", "yg:large")])[1] == large


def test_an_error_of_one_command_leaves_nothing_for_the_next_trip(redis: RedisStore) -> None:
    redis.ask([("SET", "yg:text", "x")])
    with pytest.raises(ResponseError, match="integer"):
        redis.ask([("INCR", "yg:text"), ("SET", "yg:after", "1")])
    assert redis.ask([("GET", "yg:after")]) == [b"1"]


def test_a_redis_that_stops_answering_is_left_after_the_time_out(folder: Path) -> None:
    server = start(folder)
    store = RedisStore(f"unix://{folder / 'r.sock'}")
    assert store.ask([("PING",)]) == [b"PONG"]
    os.kill(server.pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        with pytest.raises(RedisAway):
            store.ask([("PING",)])
        assert READ_TIMEOUT_S * 0.9 < time.monotonic() - began < stretched(READ_TIMEOUT_S)
    finally:
        server.kill()
        server.wait(10)
        store.close()


def test_a_redis_that_ended_is_away(folder: Path) -> None:
    server = start(folder)
    store = RedisStore(f"unix://{folder / 'r.sock'}")
    assert store.ask([("PING",)]) == [b"PONG"]
    server.terminate()
    server.wait(10)
    with pytest.raises(RedisAway):
        store.ask([("PING",)])
    store.close()
