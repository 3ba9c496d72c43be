"""Our edge with ten keyword handlers. BENCH_REDIS empty: as with Redis away (no dedupe)."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.callback_bodies import KEYWORDS, answer_to
from bot.inbound.answering import Answering, Visit, Words
from bot.inbound.dialog import Dialog
from bot.inbound.edge import Edge
from bot.inbound.filters import says
from bot.inbound.journal import Journal
from bot.inbound.messages import Inbound
from bot.inbound.pipeline import Pipeline
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route, Router
from core.clock import SystemClock
from core.redis_store import RedisAway, RedisStore
from core.settings import Settings


@dataclass
class Room:
    visit: Visit
    dialog: Dialog
    journal: Journal

    @property
    def text(self) -> str:
        return self.visit.message.text

    def close(self, commit: bool) -> None:
        """Nothing is written by these handlers."""


class NoRedis(RedisStore):
    """A breaker that stays open: the pipeline does what it does while Redis is away."""

    def ask(self, commands: Any) -> list[Any]:
        raise RedisAway("not part of this measurement")


def keyword(word: str) -> Callable[[Inbound, Room], Reply]:
    reply = Text(answer_to(word))
    return lambda _message, _room: reply


def pages(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("404 Not Found", [])
    return []


def build() -> Edge[Room]:
    settings = Settings.from_env()
    url = os.environ.get("BENCH_REDIS", "")
    store = RedisStore(url) if url else NoRedis("unix:///nowhere")
    routes = [Route(word, says(word), keyword(word), quick=True) for word in KEYWORDS]
    words = Words(lambda number: f"抱歉，编号 {number}。", "稍后再发。", "太快了。", "……")
    answering = Answering(
        Router(routes), lambda visit: Room(visit, visit.dialog, visit.journal), words
    )
    tools = (settings, store, SystemClock(), answering)
    pipeline = Pipeline(store, answering, lambda _openid, _reply: None)
    return Edge(pages, *tools, lambda _openid, _reply: None, pipeline=pipeline)


app = build()
