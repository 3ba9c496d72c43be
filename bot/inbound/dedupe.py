"""A repeat gets the first answer's bytes: one lease while at work, one mark and the bytes after.

The lease lives 5 s, as long as WeChat waits. The mark outlives the freshness window on both
sides, so that a replayed request is recognised although its bytes are no longer kept.
"""

from core.redis_wire import Command

LEASE_MS = 5_000
KEPT_MS = 60_000
REMEMBERED_MS = 21 * 60 * 1_000
DONE = b"done"
RELEASE = "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) end return 0"


def claim(key: str, token: bytes, lease_ms: int = LEASE_MS) -> list[Command]:
    """Two commands: take the lease if it is free, and read whose it is."""
    seen = f"yg:seen:{key}"
    return [("SET", seen, token, "NX", "PX", lease_ms), ("GET", seen)]


def look(key: str) -> Command:
    """The bytes that were answered."""
    return ("GET", f"yg:kept:{key}")


def keep(key: str, body: bytes) -> list[Command]:
    """Two commands: the message is done, and these are its bytes."""
    done = ("SET", f"yg:seen:{key}", DONE, "PX", REMEMBERED_MS)
    return [done, ("SET", f"yg:kept:{key}", body, "PX", KEPT_MS)]


def release(key: str, token: bytes) -> Command:
    """Give the lease back, if it is still ours, so that a repeat may try."""
    return ("EVAL", RELEASE, 1, f"yg:seen:{key}", token)
