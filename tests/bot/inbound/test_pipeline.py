"""Once, in time, and whatever happens behind it."""

import threading
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.inbound.budget import Bench
from bot.inbound.filters import anything, event, in_state, says
from bot.inbound.journal import STREAM
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from core.errors import IllegalMove
from core.redis_store import RedisAway, RedisStore
from core.settings import Settings
from tests.bot.inbound.conftest import House, Room, Send
from tests.bot.inbound.wechat_side import (
    OPENID,
    Answer,
    WeChatSide,
    call,
    event_xml,
    text_xml,
)
from tests.clocks import FixedClock


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


def fails(_message: Inbound, _room: Room) -> Reply:
    raise RuntimeError("a bug with a secret in it")


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


def test_a_failure_is_told_with_its_number_and_may_be_tried_again(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    tries = 0

    def unlucky(_message: Inbound, _room: Room) -> Reply:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("a bug with a secret in it")
        return Text("好了")

    edge, xml = house.edge(slow(unlucky)), text_xml()
    with capture_logs() as logs:
        said = wechat.open(send(edge, xml))["Content"]
    assert logs[0]["incident"] in said
    assert "secret" not in said
    assert house.closings == [False]
    assert wechat.open(send(edge, xml))["Content"] == "好了"


def test_a_failed_commit_is_a_failure_and_never_a_receipt(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    class Broken(Room):
        def close(self, commit: bool) -> None:
            if commit:
                raise OSError("disk full")
            super().close(commit)

    def open_broken(visit: Any) -> Room:
        return Broken(visit, house.closings, visit.dialog, visit.journal)

    house.open = open_broken  # type: ignore[method-assign]
    edge = house.edge(quick(lambda _m, _r: Text("已收到")))
    assert "已收到" not in wechat.open(send(edge, text_xml()))["Content"]
    assert house.closings == [False]


def test_a_refusal_is_said_in_its_own_words(house: House, wechat: WeChatSide, send: Send) -> None:
    def refuse(_message: Inbound, _room: Room) -> Reply:
        raise IllegalMove("这条建议已经办结")

    said = wechat.open(send(house.edge(quick(refuse)), text_xml()))
    assert (said["Content"], house.closings) == ("这条建议已经办结", [False])


def test_a_reply_that_cannot_be_written_is_a_failure_with_a_number(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    broken: Any = Text(None)  # type: ignore[arg-type]
    said = wechat.open(send(house.edge(quick(lambda _m, _r: broken)), text_xml()))
    assert "编号" in said["Content"]


def test_an_overrun_is_acknowledged_in_time_and_told_later(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    go_on = threading.Event()

    def think(_message: Inbound, room: Room) -> Reply:
        assert go_on.wait(10)
        room.dialog.move("thought", n=1)
        return Text("想好了")

    edge, xml = house.edge(slow(think), budget_s=0.1), text_xml()
    began = time.monotonic()
    assert send(edge, xml).body == b"success"
    assert time.monotonic() - began < 2
    assert send(edge, xml).body == b"success"
    go_on.set()
    edge.close()
    assert house.late == [(OPENID, Text("想好了"))]
    assert house.closings == [True]
    assert b"thought" in (house.redis.client.get(f"yg:dialog:{OPENID}") or b"")


def test_when_all_places_are_taken_people_are_told_so(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    go_on = threading.Event()

    def think(_message: Inbound, _room: Room) -> Reply:
        assert go_on.wait(10)
        return Text("想好了")

    edge = house.edge(slow(think), budget_s=0.1, bench=Bench(threads=1, places=2))
    assert [send(edge, text_xml()).body for _ in range(2)] == [b"success"] * 2
    assert wechat.open(send(edge, text_xml()))["Content"] == "现在咨询的人较多，请稍后再发一次。"
    go_on.set()
    edge.close()
    assert len(house.late) == 2


def test_who_writes_too_fast_is_told_once_and_then_only_nodded_at(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    suggestion = Route("suggestion", says("建议.+"), lambda _m, _r: Text("请核对"), always=True)
    edge = house.edge(suggestion, quick(lambda _m, _r: Text("答")))
    said = [send(edge, text_xml()) for _ in range(63)]
    assert {wechat.open(one)["Content"] for one in said[:60]} == {"答"}
    assert wechat.open(said[60])["Content"] == "您发得太快了，请稍等一分钟。"
    assert [one.body for one in said[61:]] == [b"success"] * 2
    assert wechat.open(send(edge, text_xml("建议多设车位")))["Content"] == "请核对"
    assert wechat.open(send(edge, text_xml(FromUserName="oOther")))["Content"] == "答"
    house.clock.move(minutes=1)
    assert wechat.open(send(edge, text_xml()))["Content"] == "答"


def test_what_wechat_tells_by_itself_is_never_limited(
    house: House, wechat: WeChatSide, send: Send, counting: Counting
) -> None:
    edge = house.edge(Route("receipt", event("templatesendjobfinish"), counting, quick=True))
    for number in range(70):
        send(edge, event_xml("TEMPLATESENDJOBFINISH", MsgID=str(number), Status="success"))
    assert counting.times == 70


def test_a_dialog_lasts_from_message_to_message_and_lapses_after_half_an_hour(
    house: House, wechat: WeChatSide, send: Send
) -> None:
    def begin(_message: Inbound, room: Room) -> Reply:
        room.dialog.move("list.fees", ids=["a", "b"])
        return Text("1 或 2")

    def choose(message: Inbound, room: Room) -> Reply:
        chosen = room.dialog.data["ids"][int(message.text) - 1]
        return Text(chosen)

    def lapsed(_message: Inbound, room: Room) -> Reply:
        former = room.dialog.former
        return Text(f"您要选哪一项？{former.data['ids'] if former else ''}")

    def stop(_message: Inbound, room: Room) -> Reply:
        room.dialog.clear()
        return Text("好")

    edge = house.edge(
        Route("begin", says("列表"), begin),
        Route("stop", says("取消"), stop),
        Route("choose", in_state("list."), choose),
        Route("lapsed", says(r"\d"), lapsed),
    )

    def ask(text: str) -> str:
        return str(wechat.open(send(edge, text_xml(text)))["Content"])

    assert ask("列表") == "1 或 2"
    assert [ask("2"), ask("1")] == ["b", "a"]
    house.clock.move(minutes=31)
    wechat.now_s += 31 * 60
    assert ask("2") == "您要选哪一项？['a', 'b']"
    assert [ask("列表"), ask("取消"), ask("2")] == ["1 或 2", "好", "您要选哪一项？"]


def journal(house: House) -> str:
    entries: Any = house.redis.client.xrange(STREAM)
    return "".join(fields[b"notes"].decode() for _, fields in entries)


def test_what_opens_a_window_is_noted_and_what_does_not_is_not(house: House, send: Send) -> None:
    edge = house.edge()
    send(edge, text_xml())
    send(edge, text_xml(bizmsgmenuid="1"))
    send(edge, event_xml("CLICK", EventKey="A"))
    send(edge, event_xml("subscribe"))
    send(edge, event_xml("SCAN", EventKey="A"))
    for silent in ("VIEW", "unsubscribe", "LOCATION", "TEMPLATESENDJOBFINISH"):
        send(edge, event_xml(silent))
    noted = journal(house)
    assert noted.count('"kind":"seen"') == 5
    for trigger in ("message", "menu_message", "menu", "subscribe", "scan"):
        assert f'"trigger":"{trigger}"' in noted


def test_what_a_handler_notes_stands_beside_it(house: House, send: Send) -> None:
    def noting(_message: Inbound, room: Room) -> Reply:
        room.journal.note("inquiry", {"text": "收费😀"})
        return Text("好")

    send(house.edge(slow(noting)), text_xml())
    assert '{"kind":"inquiry","text":"收费😀"}' in journal(house)


def test_one_trip_before_the_answer_and_one_after(
    house: House, send: Send, counting: Counting
) -> None:
    trips = []
    real = house.redis.ask

    def counted(commands: Any) -> list[Any]:
        trips.append(1)
        return real(commands)

    house.redis.ask = counted  # type: ignore[method-assign]
    send(house.edge(quick(counting)), text_xml())
    assert len(trips) == 2


def away(settings: Settings, clock: FixedClock) -> House:
    return House(settings, RedisStore("unix:///nowhere/redis.sock"), clock)


def test_with_redis_away_every_callback_is_answered_within_half_a_second(
    settings: Settings, clock: FixedClock, wechat: WeChatSide, send: Send
) -> None:
    house = away(settings, clock)
    edge = house.edge(slow(lambda _m, _r: Text("照常")))
    for _ in range(20):
        began = time.monotonic()
        assert wechat.open(send(edge, text_xml()))["Content"] == "照常"
        assert time.monotonic() - began < 0.5
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


def test_the_end_waits_for_what_is_at_work(house: House, wechat: WeChatSide, send: Send) -> None:
    begun, answers = threading.Event(), list[Answer]()

    def think(_message: Inbound, _room: Room) -> Reply:
        begun.set()
        return Text("做完了")

    edge = house.edge(slow(think))
    asking = threading.Thread(target=lambda: answers.append(send(edge, text_xml())))
    asking.start()
    assert begun.wait(10)
    edge.close()
    asking.join(10)
    assert wechat.open(answers[0])["Content"] == "做完了"
    assert "较多" in wechat.open(send(edge, text_xml()))["Content"]
