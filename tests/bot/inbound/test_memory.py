"""What is kept between messages: the dialog, and the notes of the journal."""

from typing import Any

from bot.inbound.filters import in_state, says
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.inbound.router import Route
from tests.bot.inbound.conftest import Counting, House, Room, Send, journal, quick, slow
from tests.bot.inbound.wechat_side import (
    WeChatSide,
    event_xml,
    text_xml,
)


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
