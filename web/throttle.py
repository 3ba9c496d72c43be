"""How often one address may do a thing; counted in Redis, open while Redis is away."""

from dataclasses import dataclass

from redis.client import Pipeline

from core.redis_store import RedisAway, RedisStore


@dataclass(frozen=True, slots=True)
class Throttle:
    """`tries` times within `span_s` seconds after the last one."""

    name: str
    tries: int
    span_s: int

    def closed(self, redis: RedisStore, source: str) -> bool:
        """True when `source` has used up its tries."""

        def ask(pipe: Pipeline) -> None:
            pipe.get(self._key(source))

        try:
            (count,) = redis.trip(ask)
        except RedisAway:
            return False
        return int(count or 0) >= self.tries

    def count(self, redis: RedisStore, source: str) -> None:
        """One more try."""

        def add(pipe: Pipeline) -> None:
            pipe.incr(self._key(source))
            pipe.expire(self._key(source), self.span_s)

        try:
            redis.trip(add)
        except RedisAway:
            return

    def _key(self, source: str) -> str:
        return f"yg:throttle:{self.name}:{source}"
