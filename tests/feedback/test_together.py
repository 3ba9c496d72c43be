"""Letters handled together: whatever one is told, all are told, each under the own number."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.models import Push
from bureau.feedback import chain, closing, dates, deadlines, handling, ratings, replies, rights
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from bureau.workdays import table
from core.db import Database
from core.errors import Refusal
from tests.feedback.making import (
    CITIZEN,
    NOW,
    OTHER,
    clerk,
    hand_in,
    later,
    make_house,
    office,
)


def two(db: Session) -> tuple[Ticket, Ticket]:
    """One letter, and another of a day later that was merged into it."""
    make_house(db)
    first = hand_in(db, "a").ticket
    second = hand_in(db, "b", openid=OTHER, now=later(1)).ticket
    handling.merge(db, second, first, clerk(db, "general_office"), later(1))
    return first, second


def told(db: Session, words: str) -> dict[str, str]:
    """openid → what it was told with these words in it."""
    texts = {push.openid: push.notice_json["text"] for push in db.scalars(select(Push))
             if words in push.notice_json["text"]}  # fmt: skip
    return {str(openid): text for openid, text in texts.items()}


def test_a_merged_letter_is_due_with_the_one_it_went_into(each_database: Database) -> None:
    with each_database.write() as db:
        first, second = two(db)
        assert (first.due_on, second.due_on) == (date(2026, 3, 9), date(2026, 3, 9))
        handling.assign(db, first, office(db), clerk(db, "general_office"), later(1))
        ask = handling.ask_extension(db, first, 5, "需要会商", clerk(db, "handler"), later(2))
        handling.decide(db, ask, True, clerk(db, "leader"), later(2))
        db.refresh(second)
        assert (first.due_on, second.due_on) == (date(2026, 3, 16), date(2026, 3, 16))
        assert told(db, "需要会商").keys() == {CITIZEN, OTHER}
        assert second.number in told(db, "需要会商")[OTHER]


def test_nobodys_clock_is_lengthened_by_merging(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        first, second = hand_in(db, "a").ticket, hand_in(db, "b", now=later(1)).ticket
        with pytest.raises(Refusal, match="期限更晚"):
            handling.merge(db, first, second, clerk(db, "general_office"), later(1))


def test_every_step_is_told_to_all_and_the_outcome_is_of_all(each_database: Database) -> None:
    with each_database.write() as db:
        first, second = two(db)
        general = clerk(db, "general_office")
        replies.answer(db, first, "正在核实", general, later(1), interim=True)
        replies.answer(db, first, "予以采纳", general, later(2))
        closing.close(db, first, "adopted", general, later(3), "有道理")
        closing.progress(db, first, "已经上线", general, later(4))
        assert (second.state, second.outcome) == (State.CLOSED, "adopted")
        for words in ("正在核实", "予以采纳", "处理结果：采纳", "已经上线"):
            assert told(db, words).keys() == {CITIZEN, OTHER}, words
            assert second.number in told(db, words)[OTHER]


def test_who_is_dissatisfied_goes_on_alone(database: Database) -> None:
    with database.write() as db:
        first, second = two(db)
        general = clerk(db, "general_office")
        replies.answer(db, first, "一并答复", general, later(2))
        assert ratings.rate(db, second, OTHER, 5, later(3)).redo
        closing.close(db, first, "answered", general, later(3))
        assert (first.state, second.state) == (State.CLOSED, State.REDO)
        replies.answer(db, second, "单独再答复", general, later(4))
        assert told(db, "单独再答复").keys() == {OTHER}


def test_a_calendar_that_changes_is_told_to_all(database: Database) -> None:
    notice = table.parse_notice(
        {
            "year": 2026, "version": 2, "source": "调整（测试）", "makeup": [],
            "holidays": [{"name": "临时放假", "from": "2026-03-05", "to": "2026-03-05"}],
        }
    )  # fmt: skip
    with database.write() as db:
        first, second = two(db)
        assert dates.load_notice(db, notice, clerk(db, "general_office"), later(1)) == 1
        db.refresh(second)
        assert first.due_on == second.due_on == date(2026, 3, 10)
        assert told(db, "由2026-03-09").keys() == {CITIZEN, OTHER}


def test_a_notice_without_a_source_is_not_loaded(database: Database) -> None:
    notice = table.parse_notice(
        {"year": 2027, "version": 1, "source": "", "holidays": [], "makeup": []}
    )
    with database.write() as db:
        make_house(db)
        with pytest.raises(Refusal, match="文号"):
            dates.load_notice(db, notice, clerk(db, "admin"), NOW)


def test_when_one_takes_the_letter_back_the_others_are_still_answered(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        first, second = two(db)
        general = clerk(db, "general_office")
        third = hand_in(db, "c", openid="oTHIRD", now=later(1)).ticket
        handling.merge(db, third, first, general, later(1))
        handling.assign(db, first, office(db), general, later(1))
        rights.withdraw(db, first, CITIZEN, later(2))
        assert (second.state, second.office_id) == (State.ASSIGNED, office(db).id)
        assert (second.due_on, third.merged_into_id) == (date(2026, 3, 10), second.id)
        assert [clock.name for clock in deadlines.running(db, second)] == ["reply"]
        replies.answer(db, second, "一并答复", general, later(3))
        assert told(db, "一并答复").keys() == {OTHER, "oTHIRD"}
        for one in (first, second, third):
            assert chain.broken_at(chain.events(db, one)) is None
