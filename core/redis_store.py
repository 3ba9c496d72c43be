"""Redis as the edge may use it: short time-outs, no retry, and a breaker while it is away."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry

from core.redis_wire import Command, Wire

CONNECT_TIMEOUT_S = 0.1
READ_TIMEOUT_S = 0.3
BREAKER_S = 2.0
NOWHERE = "unix:///dev/null/none"  # an empty URL: every trip says RedisAway at once
AWAY = (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError, OSError)


class RedisAway(Exception):
    """Redis cannot be reached now; the caller goes on without it."""


class RedisStore:
    """One Redis, one round trip a call. After a failure nobody tries for BREAKER_S seconds."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client: redis.Redis = connect(url or NOWHERE, CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        self._wire = Wire(self.client.connection_pool)
        self._closed_until = 0.0

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Send commands in one round trip; the answers in order, as Redis gives them.

        Raises RedisAway at once while the breaker is open, else after the time-outs;
        redis.ResponseError when Redis is there and refuses a command.
        """
        if time.monotonic() < self._closed_until:
            raise RedisAway("breaker open")
        try:
            return self._wire.ask(commands)
        except AWAY as error:
            self._closed_until = time.monotonic() + BREAKER_S
            raise RedisAway(str(error)) from error

    def trip(self, fill: Callable[[Pipeline], None]) -> list[Any]:
        """Send what `fill` puts on a pipeline in one round trip; the answers in order.

        Raises RedisAway at once while the breaker is open, else after the time-outs.
        """
        if time.monotonic() < self._closed_until:
            raise RedisAway("breaker open")
        pipeline = self.client.pipeline(transaction=False)
        fill(pipeline)
        try:
            return pipeline.execute()
        except AWAY as error:
            self._closed_until = time.monotonic() + BREAKER_S
            raise RedisAway(str(error)) from error

    def alive(self) -> bool:
        try:
            return bool(self.client.ping())
        except AWAY:
            return False

    def close(self) -> None:
        self._wire.close()
        self.client.close()


def connect(url: str, connect_s: float = 2.0, read_s: float | None = 10.0) -> redis.Redis:
    """A client without retries of its own. `url`: redis://… or unix://…"""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=connect_s,
        socket_timeout=read_s,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
