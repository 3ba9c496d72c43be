"""How fast we may send, over all workers together: one shared moment in Redis."""

import threading
import time
from collections.abc import Callable

from redis.client import Pipeline

from core.redis_store import RedisAway, RedisStore

KEY = "yg:push:next"
PATIENCE_S = 5.0
# Reserve ARGV[1] messages at ARGV[2] a second; answers the milliseconds to wait first. When that
# is more than ARGV[3], nothing is reserved.
RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local free = tonumber(redis.call('get', KEYS[1]) or '0')
if free < now then free = now end
if free - now > tonumber(ARGV[3]) then return math.floor(free - now) end
local after = free + ARGV[1] * 1000 / ARGV[2]
redis.call('set', KEYS[1], string.format('%.3f', after), 'PX', math.floor(after - now) + 60000)
return math.floor(free - now)
"""
HOLD = """
local clock = redis.call('TIME')
local until_ms = clock[1] * 1000 + clock[2] / 1000 + ARGV[1] * 1000
local free = tonumber(redis.call('get', KEYS[1]) or '0')
if free < until_ms then
  redis.call('set', KEYS[1], string.format('%.3f', until_ms), 'PX', ARGV[1] * 1000 + 60000)
end
return 0
"""


class Resting(Exception):
    """Sending rests for `seconds` more: give the segment back instead of waiting with it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"resting for {seconds:.1f} s")
        self.seconds = seconds


class Limiter:
    """`rate` messages a second; without Redis each process keeps to `rate` by itself."""

    def __init__(
        self,
        redis: RedisStore,
        rate: int,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self._redis = redis
        self._sleep = sleep
        self._clock = clock
        self._free = 0.0
        self._lock = threading.Lock()

    @property
    def batch(self) -> int:
        """How many to take at a time: a quarter of a second's worth, 1 to 250."""
        return max(1, min(250, self.rate // 4))

    def take(self, count: int) -> None:
        """Return when `count` messages may be sent. Raises Resting when that is not soon."""
        wait_s = self._reserve(count)
        if wait_s > PATIENCE_S:
            raise Resting(wait_s)
        if wait_s > 0:
            self._sleep(wait_s)

    def hold(self, seconds: int) -> None:
        """Nobody sends for this long (WeChat's per-minute quota is spent: 45011)."""
        with self._lock:
            self._free = max(self._free, self._clock() + seconds)
        self._run(HOLD, seconds)

    def _reserve(self, count: int) -> float:
        shared_ms = self._run(RESERVE, count, self.rate, int(PATIENCE_S * 1000))
        if shared_ms is not None:
            return shared_ms / 1000
        with self._lock:
            now = self._clock()
            start = max(self._free, now)
            if start - now <= PATIENCE_S:
                self._free = start + count / self.rate
        return start - now

    def _run(self, script: str, *arguments: int) -> int | None:
        def ask(pipe: Pipeline) -> None:
            pipe.eval(script, 1, KEY, *(str(argument) for argument in arguments))

        try:
            return int(self._redis.trip(ask)[0])
        except RedisAway:
            return None
