"""Sign-in tries from one address: counted in Redis; with Redis away the account's lock still holds."""

from core.redis_store import RedisAway, RedisStore

TRIES = 20
SPAN_S = 15 * 60


def too_many(redis: RedisStore, source: str) -> bool:
    """True when `source` failed TRIES times within SPAN_S seconds."""
    try:
        (count,) = redis.trip(lambda pipe: pipe.get(_key(source)))
    except RedisAway:
        return False
    return int(count or 0) >= TRIES


def count_failure(redis: RedisStore, source: str) -> None:
    try:
        redis.trip(lambda pipe: pipe.incr(_key(source)).expire(_key(source), SPAN_S))
    except RedisAway:
        return


def _key(source: str) -> str:
    return f"yg:sign-in:{source}"
