"""Where a conversation stands: kept in Redis, loaded and written with the callback's two trips."""

from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from redis import RedisError

from core.redis_store import RedisAway, RedisStore

LIFE_S = 30 * 60  # how long a state answers to what the person says next
MEMORY_S = 24 * 3600  # how long the last one is still known, to be shown again
SINCE = "yg:dialog:"  # since when Redis has known every dialog; gone with them when it is emptied


@dataclass(slots=True)
class Dialog:
    """A state and its data. Handlers change it in place; `` means nothing is going on.

    data: JSON values only. former: the dialog that lapsed after 30 minutes, so that a bare
    number can be answered with the list it probably meant. lost: Redis was away, or emptied
    within the last half hour, so that none may only mean that none is known.
    """

    state: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    former: "Dialog | None" = None
    lost: bool = False

    def move(self, state: str, **data: Any) -> None:
        """Go to `state` with these data; what was kept before is gone."""
        self.state, self.data = state, data

    def clear(self) -> None:
        """Nothing is going on any more."""
        self.state, self.data, self.former = "", {}, None

    @property
    def empty(self) -> bool:
        return not self.state and not self.data

    def pack(self, now_s: int) -> bytes:
        """Bytes for Redis, stamped with the moment; b'' when nothing is going on."""
        if self.empty:
            return b""
        return orjson.dumps({"s": self.state, "d": self.data, "t": now_s})

    @classmethod
    def unpack(cls, packed: bytes | None, now_s: int) -> Self:
        """The dialog of these bytes; one that cannot be read counts as none."""
        if not packed:
            return cls()
        try:
            kept = orjson.loads(packed)
            state, data, since_s = str(kept["s"]), dict(kept["d"]), int(kept["t"])
        except (ValueError, KeyError, TypeError):
            return cls()
        if now_s - since_s > LIFE_S:
            return cls(former=Dialog(state, data))
        return cls(state, data)


def may_be_lost(since: bytes | None, now_s: int) -> bool:
    """Whether a dialog begun within its life may be missing from Redis. since: what it says."""
    return since is None or not since.isdigit() or now_s - int(since) < LIFE_S


def vouch(redis: RedisStore) -> None:
    """Say that no dialog is missing now, whatever Redis forgot before: nobody was writing."""
    try:
        redis.ask([("SET", SINCE, 0, "NX")])
    except (RedisAway, RedisError):
        return


def dialog_key(openid: str) -> str:
    return f"yg:dialog:{openid}"
