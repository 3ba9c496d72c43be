"""In time, and whatever happens behind it."""

import threading
import time
from typing import Any

from structlog.testing import capture_logs

from bot.inbound.budget import Bench
from bot.inbound.filters import event, says
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from core.errors import IllegalMove
from tests.bot.inbound.conftest import Counting, House, Room, Send, quick, slow
from tests.bot.inbound.wechat_side import (
    OPENID,
    Answer,
    WeChatSide,
    event_xml,
    text_xml,
)


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
        assert go_on.wait(60)
        room.dialog.move("thought", n=1)
        return Text("想好了")

    edge, xml = house.edge(slow(think), budget_s=0.1), text_xml()
    began = time.monotonic()
    assert send(edge, xml).body == b"success"
    assert time.monotonic() - began < 8, "it waited for the thought"
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
