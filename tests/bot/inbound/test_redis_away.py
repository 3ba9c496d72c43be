"""Redis may be away or refuse: callbacks are answered, and what was noted is told later."""

from typing import Any

import pytest

from bot.inbound.replies import Text
from core.redis_store import RedisAway, RedisStore
from core.settings import Settings
from tests.bot.inbound.conftest import House, Send, journal, quick, slow
from tests.bot.inbound.wechat_side import (
    WeChatSide,
    text_xml,
)
from tests.clocks import FixedClock
from tests.waiting import quickest

pytestmark = pytest.mark.thorough


def away(settings: Settings, clock: FixedClock) -> House:
    return House(settings, RedisStore("unix:///nowhere/redis.sock"), clock)


def test_with_redis_away_every_callback_is_answered_within_half_a_second(
    settings: Settings, clock: FixedClock, wechat: WeChatSide, send: Send
) -> None:
    house = away(settings, clock)
    edge = house.edge(slow(lambda _m, _r: Text("照常")))

    def asked() -> None:
        assert wechat.open(send(edge, text_xml()))["Content"] == "照常"

    assert max(quickest(asked) for _ in range(4)) < 0.5
    edge.close()


class Sometimes(RedisStore):
    """A Redis that is away while `gone`."""

    gone = True

    def ask(self, commands: Any) -> list[Any]:
        if self.gone:
            raise RedisAway("for the test")
        return super().ask(commands)


def test_what_was_noted_while_redis_was_away_is_told_when_it_is_back(
    settings: Settings, clock: FixedClock, redis: RedisStore, send: Send
) -> None:
    store = Sometimes(redis.url)
    house = House(settings, store, clock)
    edge = house.edge()
    for _ in range(5):
        send(edge, text_xml())
    store.gone = False
    for told in (1, 7):  # one to see that it is back, then all that waited
        send(edge, text_xml())
        assert journal(house).count('"kind":"seen"') == told
    store.gone = True
    send(edge, text_xml())
    store.gone = False
    edge.close()
    assert journal(house).count('"kind":"seen"') == 8
    store.close()


def test_a_redis_that_refuses_to_write_does_not_stop_the_answers(
    house: House, wechat: WeChatSide, send: Send, redis: RedisStore
) -> None:
    redis.client.config_set("maxmemory", "1")
    try:
        assert wechat.open(send(house.edge(quick(lambda _m, _r: Text("照常"))), text_xml()))
    finally:
        redis.client.config_set("maxmemory", "0")
