"""The access token: one for all processes, fetched by one of them, refreshed before it ends.

stable_token gives the same token until its last five minutes, so that a lost lock costs a call
and no more (developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken).
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis.client import Pipeline

from bot.outbound.errors import NotReached
from core.redis_store import RedisAway, RedisStore

AHEAD_S = 300
LOCK_S = 15
WAIT_S = 5.0
POLL_S = 0.05
# Put the token in only while the lock is still ours, then give the lock back.
FENCED_WRITE = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[2], ARGV[2], 'EX', ARGV[3])
redis.call('del', KEYS[1])
return 1
"""
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the Unix second it ends at, by the machine's clock."""

    value: str
    ends_at: float


Fetch = Callable[[], tuple[str, int]]
"""Ask WeChat: → (token, seconds it lives). Raises WechatError."""


class TokenStore:
    """Current token of one account; works without Redis too, then for this process alone."""

    def __init__(
        self,
        redis: RedisStore,
        app_id: str,
        fetch: Fetch,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._fetch = fetch
        self._clock = clock
        self._key = f"yg:token:{app_id}"
        self._lock_key = f"yg:token:{app_id}:lock"
        self._mine: Token | None = None
        self._busy = threading.Lock()

    def current(self) -> str:
        """A token that still lives; while somebody refreshes ahead the old one is given."""
        token = self._mine
        if token and self._left(token) > AHEAD_S:
            return token.value
        token = self._shared() or token
        if token and self._left(token) > AHEAD_S:
            self._mine = token
            return token.value
        alive = token is not None and self._left(token) > 0
        if not self._busy.acquire(blocking=not alive):
            return token.value if token else ""
        try:
            return self._renew(token if alive else None).value
        finally:
            self._busy.release()

    def renew(self, used: str) -> str:
        """WeChat refused `used`: the current one if it is another, else a new one."""
        with self._busy:
            token = self._shared() or self._mine
            if token and token.value != used and self._left(token) > 0:
                self._mine = token
                return token.value
            self._forget(used)
            return self._renew(None).value

    def _renew(self, old: Token | None) -> Token:
        """Fetch under the shared lock, or wait for who holds it; `old` serves in the meantime."""
        token = self._shared() or self._mine
        if token and self._left(token) > AHEAD_S:
            self._mine = token
            return token
        owner = secrets.token_hex(8)
        deadline = time.monotonic() + WAIT_S
        while not self._take(owner):
            if old is not None:
                return old
            token = self._shared()
            if token and self._left(token) > 0:
                self._mine = token
                return token
            if time.monotonic() > deadline:
                raise NotReached(0, "nobody brought a token in time", call="stable_token")
            time.sleep(POLL_S)
        token = self._shared()
        if token and self._left(token) > AHEAD_S:  # brought between our look and our lock
            self._script(RELEASE, [self._lock_key], [owner])
            self._mine = token
            return token
        return self._bring(owner)

    def _bring(self, owner: str) -> Token:
        try:
            value, lives_s = self._fetch()
        except BaseException:
            self._script(RELEASE, [self._lock_key], [owner])
            raise
        token = Token(value, self._clock() + lives_s)
        text = json.dumps([token.value, token.ends_at])
        keys = [self._lock_key, self._key]
        self._script(FENCED_WRITE, keys, [owner, text, str(max(lives_s, 1))])
        self._mine = token
        return token

    def _shared(self) -> Token | None:
        def ask(pipe: Pipeline) -> None:
            pipe.get(self._key)

        try:
            kept = self._redis.trip(ask)[0]
        except RedisAway:
            return None
        if not kept:
            return None
        value, ends_at = json.loads(kept)
        return Token(value, ends_at)

    def _take(self, owner: str) -> bool:
        """True when the lock is ours; without Redis every process is its own."""

        def ask(pipe: Pipeline) -> None:
            pipe.set(self._lock_key, owner, nx=True, ex=LOCK_S)

        try:
            return bool(self._redis.trip(ask)[0])
        except RedisAway:
            return True

    def _forget(self, used: str) -> None:
        """Take the refused token away, unless somebody has brought a newer one meanwhile."""
        shared = self._shared()
        if shared and shared.value == used:
            self._script("return redis.call('del', KEYS[1])", [self._key], [])
        if self._mine and self._mine.value == used:
            self._mine = None

    def _script(self, script: str, keys: list[str], arguments: list[str]) -> None:
        def ask(pipe: Pipeline) -> None:
            pipe.eval(script, len(keys), *keys, *arguments)

        try:
            self._redis.trip(ask)
        except RedisAway:
            return

    def _left(self, token: Token) -> float:
        return token.ends_at - self._clock()
