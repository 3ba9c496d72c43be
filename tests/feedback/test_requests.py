"""Requests for information run by the regulation's own clocks."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import cards, chain, deadlines, handling, replies, requests, seals
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from core.clock import day_of
from core.db import Database
from core.errors import IllegalMove, Refusal
from tests.feedback.making import NOW, clerk, hand_in, later, make_house, make_ticket


def make_request(db) -> Ticket:  # type: ignore[no-untyped-def]
    make_house(db)
    return hand_in(db, kind="request", text="申请公开2025年预算调整方案").ticket


def test_a_request_is_due_in_twenty_working_days(database: Database) -> None:
    with database.write() as db:
        assert make_request(db).due_on == date(2026, 3, 30)


def test_a_supplement_restarts_the_clock(each_database: Database) -> None:
    with each_database.write() as db:
        ticket = make_request(db)
        by = clerk(db, "general_office")
        requests.ask_supplement(db, ticket, "请写明文件名称", 10, by, later(7))
        assert ticket.state == State.SUPPLEMENT
        assert "文件名称" in db.scalars(select(Push)).one().notice_json["text"]
        requests.supplement(db, ticket, "是指鲁财预的调整方案", later(14))
        assert (ticket.state, ticket.due_on) == (State.RECEIVED, date(2026, 4, 14))
        with pytest.raises(IllegalMove, match="一次"):
            requests.ask_supplement(db, ticket, "再补", 10, by, later(15))


def test_after_seven_working_days_no_supplement_is_asked(database: Database) -> None:
    with database.write() as db:
        ticket = make_request(db)
        by = clerk(db, "general_office")
        with pytest.raises(IllegalMove, match="期限已过"):
            requests.ask_supplement(db, ticket, "补", 10, by, later(10))
        with pytest.raises(IllegalMove):
            requests.ask_supplement(db, make_ticket(db, "x"), "补", 10, by, NOW)


def test_a_supplement_that_never_comes_ends_the_request(database: Database) -> None:
    with database.write() as db:
        ticket = make_request(db)
        requests.ask_supplement(db, ticket, "补", 5, clerk(db, "general_office"), NOW)
        assert cards.end_waiting(db, later(7)) == 0
        assert cards.end_waiting(db, later(8)) == 1
        assert (ticket.state, ticket.outcome) == (State.CLOSED, "abandoned")
        assert deadlines.running(db, ticket) == []


def test_the_time_of_third_parties_is_not_counted(each_database: Database) -> None:
    with each_database.write() as db:
        ticket = make_request(db)
        by = clerk(db, "general_office")
        requests.ask_third_party(db, ticket, "某公司", by, later(1))
        assert ticket.due_on == date(2026, 4, 21), "the whole 15 days, until we know better"
        with pytest.raises(IllegalMove):
            requests.ask_third_party(db, ticket, "某公司", by, later(1))
        requests.third_party_answered(db, ticket, "同意公开", by, later(8))
        assert ticket.due_on == date(2026, 4, 7)  # five working days later, 清明节 on the way
        assert len([s for s in deadlines.explain(db, ticket) if s.counted]) == 25


def test_while_a_third_party_thinks_no_card_is_handed_out_and_silence_ends(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        ticket = make_request(db)
        requests.ask_third_party(db, ticket, "某公司", clerk(db, "general_office"), later(1))
        assert cards.hand_out(db, later(28)) == []  # 30 March, the day it would have been due
        assert requests.end_silence(db, later(22)) == 0
        assert requests.end_silence(db, later(23)) == 1
        assert requests.end_silence(db, later(24)) == 0
        assert requests.waiting_for_third_party(db, ticket) is None
        assert ticket.due_on == date(2026, 4, 21)
        assert cards.hand_out(db, later(49)) == [(ticket, "yellow")]


def test_a_request_is_extended_once_by_at_most_twenty_more(database: Database) -> None:
    with database.write() as db:
        ticket, by = make_request(db), clerk(db, "general_office")
        with pytest.raises(Refusal, match="20个工作日"):
            handling.ask_extension(db, ticket, 21, "复杂", by, NOW)
        ask = handling.ask_extension(db, ticket, 20, "涉及多个部门", by, NOW)
        handling.decide(db, ask, True, clerk(db, "leader"), NOW)
        assert ticket.due_on == date(2026, 4, 28)
        with pytest.raises(IllegalMove, match="一次"):
            handling.ask_extension(db, ticket, 1, "再延", by, NOW)
        assert "涉及多个部门" in db.scalars(select(Push)).one().notice_json["text"]


def test_the_kind_of_answer_is_one_of_seven(database: Database) -> None:
    with database.write() as db:
        ticket = make_request(db)
        by = clerk(db, "general_office")
        for wrong in ("", "maybe"):
            with pytest.raises(Refusal):
                replies.answer(db, ticket, "见附件", by, NOW, answer_type=wrong)
        replies.answer(db, ticket, "正在检索", by, NOW, interim=True)
        replies.answer(db, ticket, "见附件", by, NOW, answer_type="provided")
        assert ticket.answer_type == "provided"


def test_cards_are_handed_out_once_and_anew_after_more_time(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = make_ticket(db)  # due Monday 9 March
        assert cards.hand_out(db, later(3)) == []
        assert cards.hand_out(db, later(4)) == [(ticket, "yellow")]
        assert cards.hand_out(db, later(5)) == []
        assert cards.hand_out(db, later(8)) == [(ticket, "red")]
        assert cards.hand_out(db, later(9)) == []
        deadlines.extend(db, ticket, 5)
        assert ticket.card == ""
        assert cards.hand_out(db, later(13)) == [(ticket, "yellow")]
        actions = [event.action for event in chain.events(db, ticket)]
        assert actions == ["received", "yellow_card", "red_card", "yellow_card"]


def test_a_sealed_day_shows_every_later_change(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        assert seals.seal_until_yesterday(db, later(0.2)) == []
        hand_in(db, "next", now=later(2))
        made = seals.seal_until_yesterday(db, later(4))
        assert [(seal.day, seal.events) for seal in made] == [
            (day_of(NOW), 2),
            (day_of(later(2)), 1),
        ]
        assert seals.seal_until_yesterday(db, later(4)) == []
        assert seals.broken_seals(db) == []
        last = chain.events(db, ticket)[-1]
        last.link = "f" * 64
        db.flush()
        assert day_of(NOW) in seals.broken_seals(db)
