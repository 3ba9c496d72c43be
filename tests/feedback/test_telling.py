"""What staff are told: alerts once, until when WeChat is open, and whether a reply arrived."""

from datetime import timedelta

from sqlalchemy import select

from bot.outbound.models import Delivery, Segment, Window
from bureau.feedback import arrival, cards, replies
from bureau.feedback.models import Ticket
from bureau.staff import alerts
from bureau.staff.models import StaffAlert
from core.db import Database
from tests.clocks import FixedClock
from tests.feedback.making import CITIZEN, NOW, clerk, hand_in, later, make_house


def told(database: Database) -> list[str]:
    with database.read() as db:
        return [row.text for row in db.scalars(select(StaffAlert).order_by(StaffAlert.id))]


def test_a_new_letter_is_told_without_its_words(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        number = hand_in(db, text="我叫王小明，手机13812345678").ticket.number
        hand_in(db, text="我叫王小明，手机13812345678")
    sent: list[str] = []

    def send(text: str) -> bool:
        sent.append(text)
        return True

    clock = FixedClock(NOW)
    assert alerts.send_due(each_database, send, clock) == 1
    assert alerts.send_due(each_database, send, clock) == 0
    assert sent == [f"新建言献策 {number}，请及时分办。"]


def test_an_alert_that_fails_is_tried_again_and_lapses_after_half_a_day(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        hand_in(db)
    clock, tried = FixedClock(NOW), 0
    for _ in range(200):
        tried += alerts.send_due(database, lambda _text: False, clock) == 0
        clock.move(minutes=10)
    with database.read() as db:
        row = db.scalars(select(StaffAlert)).one()
    assert row.state == "lapsed"
    assert row.tries > 3


def test_an_interim_word_is_suggested_while_it_is_free(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        quiet = hand_in(db, "a").ticket
        spoken = hand_in(db, "b").ticket
        replies.answer(db, spoken, "正在办", clerk(db, "general_office"), NOW, interim=True)
        assert cards.nudge(db, later(hours=43)) == 0
        assert cards.nudge(db, later(hours=45)) == 1
        assert cards.nudge(db, later(hours=49)) == 0
    assert [text for text in told(database) if "微信可直接回复至 10:00" in text] == [
        f"{quiet.number} 微信可直接回复至 10:00，建议先发一条办理进展。"
    ]


def test_the_window_is_what_the_ledger_says(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = hand_in(db).ticket
        web = hand_in(db, "w", openid=None).ticket
        assert arrival.windows(db, [ticket, web]) == {ticket.id: later(2)}
        window = Window(
            openid=CITIZEN, kefu_until=later(3), kefu_left=5, trigger="message", seen_at=later(1)
        )
        db.add(window)
        db.flush()
        assert arrival.windows(db, [ticket]) == {ticket.id: later(3)}
        window.kefu_left = 0
        assert arrival.windows(db, [ticket])[ticket.id] < later(2)


def test_staff_see_whether_a_reply_arrived(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = hand_in(db).ticket
        reply = replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        assert arrival.arrivals(db, [reply])[reply.id].words == "待发送"
        segment = Segment(push_id=reply.push_id)
        db.add(segment)
        db.flush()
        row = Delivery(
            push_id=reply.push_id, segment_id=segment.id, openid=CITIZEN, state="waiting"
        )
        db.add(row)
        db.flush()
        assert arrival.arrivals(db, [reply])[reply.id].words == "等待群众来信"
        row.state, row.route, row.sent_at = "sent", "kefu", NOW
        found = arrival.arrivals(db, [reply])[reply.id]
        assert (found.words, found.reached, found.at) == ("已受理（客服消息）", False, NOW)
        row.delivered_at = NOW + timedelta(seconds=2)
        assert arrival.arrivals(db, [reply])[reply.id].reached


def test_a_letter_from_the_web_is_read_with_its_code(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket: Ticket = hand_in(db, openid=None).ticket
        reply = replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        assert reply.push_id is None
        assert "查询码" in arrival.arrivals(db, [reply])[reply.id].words
