"""The tools every counter works with, built once in bootstrap.py, or by a test."""

from dataclasses import dataclass

from bot.outbound.client import Wechat
from core.clock import Clock
from core.db import Database
from core.privacy import Box
from core.redis_store import RedisStore
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """One value that travels: nothing is fetched from the air."""

    settings: Settings
    database: Database
    redis: RedisStore
    clock: Clock
    wechat: Wechat
    box: Box
