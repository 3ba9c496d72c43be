"""A message is handled once, however often WeChat brings it."""

import threading
from typing import Any

import pytest

from bot.inbound.filters import event
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from core.redis_store import RedisStore
from tests.bot.inbound.conftest import Counting, House, Room, quick, slow
from tests.bot.inbound.wechat_side import (
    Answer,
    WeChatSide,
    call,
    event_xml,
    text_xml,
)


@pytest.mark.parametrize("make", [quick, slow])
def test_a_repeat_gets_the_first_answers_bytes(
    house: House, wechat: WeChatSide, counting: Counting, make: Any
) -> None:
    edge = house.edge(make(counting))
    xml = text_xml()
    first = call(edge, *wechat.safe(xml))
    repeats = [call(edge, *wechat.safe(xml)) for _ in range(3)]
    assert [one.body for one in repeats] == [first.body] * 3
    assert counting.times == 1
    assert house.closings == [True]


def test_a_repeat_is_known_to_every_process(
    house: House, wechat: WeChatSide, counting: Counting
) -> None:
    xml = event_xml("CLICK", EventKey="A")
    route = Route("tap", event("click"), counting)
    answers = {call(house.edge(route), *wechat.safe(xml)).body for _ in range(3)}
    assert (len(answers), counting.times) == (1, 1)


def test_a_repeat_waits_for_the_first_that_is_still_at_work(
    house: House, wechat: WeChatSide
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def think(_message: Inbound, _room: Room) -> Reply:
        begun.set()
        assert go_on.wait(10)
        return Text("想好了")

    edge, xml, answers = house.edge(slow(think)), text_xml(), list[Answer]()
    requests = [wechat.safe(xml), wechat.safe(xml)]
    threads = [
        threading.Thread(target=lambda one=one: answers.append(call(edge, *one)))
        for one in requests
    ]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len({one.body for one in answers}) == 1
    assert wechat.open(answers[0])["Content"] == "想好了"


def test_a_repeat_after_a_dead_first_is_handled_anew(
    house: House, wechat: WeChatSide, counting: Counting, redis: RedisStore
) -> None:
    edge, xml = house.edge(quick(counting), lease_ms=150), text_xml()
    call(edge, *wechat.safe(xml))
    key = next(redis.client.scan_iter("yg:seen:*"))
    redis.client.set(key, b"a dead one's token", px=150)
    redis.client.delete(key.replace(b"seen", b"kept"))
    assert wechat.open(call(edge, *wechat.safe(xml)))["Content"] == "第2次"


def test_a_replay_after_the_bytes_are_forgotten_is_not_handled_again(
    house: House, wechat: WeChatSide, counting: Counting, redis: RedisStore
) -> None:
    edge, request = house.edge(quick(counting)), wechat.safe(text_xml())
    call(edge, *request)
    redis.client.delete(next(redis.client.scan_iter("yg:kept:*")))
    assert call(edge, *request).body == b"success"
    assert counting.times == 1
