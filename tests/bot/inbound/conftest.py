"""An edge with a small house behind it, and WeChat's side to talk to it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.inbound.answering import Answering, Visit, Words
from bot.inbound.budget import BUDGET_S
from bot.inbound.dialog import Dialog
from bot.inbound.edge import Edge
from bot.inbound.filters import anything
from bot.inbound.journal import STREAM, Journal
from bot.inbound.messages import Inbound
from bot.inbound.pipeline import Pipeline
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route, Router
from core.redis_store import RedisStore
from core.settings import Settings
from tests.bot.inbound.wechat_side import Answer, WeChatSide, call
from tests.clocks import FixedClock

WORDS = Words(
    failed=lambda number: f"抱歉，暂时没能回答您，编号 {number}。",
    busy="现在咨询的人较多，请稍后再发一次。",
    too_many="您发得太快了，请稍等一分钟。",
    longer="……（内容较长，请点链接查看）",
)


@dataclass
class Room:
    """A context as small as one can be; remembers how it was closed."""

    visit: Visit
    closings: list[bool]
    dialog: Dialog
    journal: Journal

    @property
    def text(self) -> str:
        return self.visit.message.text.strip()

    def close(self, commit: bool) -> None:
        self.closings.append(commit)


@dataclass
class House:
    """Builds edges over given routes and keeps what they let out."""

    settings: Settings
    redis: RedisStore
    clock: FixedClock
    closings: list[bool] = field(default_factory=list)
    late: list[tuple[str, Reply]] = field(default_factory=list)
    edges: list[Edge[Room]] = field(default_factory=list)

    def open(self, visit: Visit) -> Room:
        return Room(visit, self.closings, visit.dialog, visit.journal)

    def tell_late(self, openid: str, reply: Reply) -> None:
        self.late.append((openid, reply))

    def edge(self, *routes: Route[Room], budget_s: float = BUDGET_S, **more: Any) -> Edge[Room]:
        """more: settings of its own, or what Pipeline takes."""
        settings = more.pop("settings", self.settings)
        answering = Answering(Router(routes), self.open, WORDS)
        pipeline = Pipeline(self.redis, answering, self.tell_late, **more)
        tools = (settings, self.redis, self.clock, answering, self.tell_late)
        edge = Edge(pages, *tools, pipeline=pipeline, budget_s=budget_s)
        self.edges.append(edge)
        return edge


def pages(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What stands behind the edge."""
    start_response("200 OK", [])
    return [b"a page"]


def says(reply: Reply | None) -> Callable[[Inbound, Room], Reply | None]:
    return lambda _message, _room: reply


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def house(settings: Settings, redis: RedisStore, clock: FixedClock) -> Iterator[House]:
    house = House(settings, redis, clock)
    yield house
    for edge in house.edges:
        edge.close()


@pytest.fixture
def wechat(settings: Settings, clock: FixedClock) -> WeChatSide:
    return WeChatSide(settings, int(clock.now().timestamp()))


Send = Callable[..., Answer]


@pytest.fixture
def send(wechat: WeChatSide) -> Send:
    """Send XML to an edge in 安全 mode."""

    def send(edge: Edge[Room], xml: str, **more: Any) -> Answer:
        return call(edge, *wechat.safe(xml), **more)

    return send


class Counting:
    """A handler that says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _message: Inbound, _room: Room) -> Reply:
        self.times += 1
        return Text(f"第{self.times}次")


@pytest.fixture
def counting() -> Counting:
    return Counting()


def quick(handler: Any) -> Route[Room]:
    return Route("quick", anything, handler, quick=True)


def slow(handler: Any) -> Route[Room]:
    return Route("slow", anything, handler)


def journal(house: House) -> str:
    """The notes of the journal as they lie in the stream."""
    entries: Any = house.redis.client.xrange(STREAM)
    return "".join(fields[b"notes"].decode() for _, fields in entries)
