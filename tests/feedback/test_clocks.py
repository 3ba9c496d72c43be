"""Cards, calendars that change, and a chain that shows what was touched."""

from datetime import date

from bureau.feedback import chain, deadlines, replies
from bureau.workdays import table
from core.db import Database
from tests.feedback.making import (
    NOW,
    clerk,
    hand_in,
    later,
    make_house,
    make_ticket,
)


def test_cards_are_yellow_the_working_day_before_and_red_the_day_after(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db)  # due Monday 9 March
        calendar = table.load(db)
        colours = [deadlines.card(calendar, ticket, date(2026, 3, day)) for day in (5, 6, 8, 9, 10)]
        assert colours == ["", "yellow", "yellow", "yellow", "red"]
        replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        assert deadlines.card(calendar, ticket, date(2026, 3, 20)) == ""


def test_a_late_notice_moves_open_tickets_and_says_why(each_database: Database) -> None:
    notice = table.parse_notice(
        {
            "year": 2027,
            "version": 1,
            "source": "国办发明电〔2026〕X号（测试）",
            "holidays": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
            "makeup": [{"day": "2027-01-09", "name": "元旦"}],
        }
    )
    with each_database.write() as db:
        make_house(db)
        moved = hand_in(db, "a", now=later(304)).ticket  # 31 December: due 8 January
        certain = hand_in(db, "b").ticket
        assert (moved.due_on, moved.provisional) == (date(2027, 1, 8), True)
        table.apply(db, notice, later(305))
        changed = deadlines.redate(db, later(305), "2027年放假安排公布")
        assert [(t.number, was) for t, was in changed] == [(moved.number, date(2027, 1, 8))]
        assert not moved.provisional
        assert not certain.provisional
        event = chain.events(db, moved)[-1]
        assert event.action == "due_changed"
        assert event.content is not None
        assert event.content["reason"] == "2027年放假安排公布"
        assert deadlines.redate(db, later(305), "再次") == []


def test_a_changed_event_breaks_the_chain_and_a_forgotten_one_does_not(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        replies.answer(db, ticket, "好", clerk(db, "handler"), NOW)
        rows = chain.events(db, ticket)
        chain.forget(rows[0])
        db.flush()
        assert chain.broken_at(chain.events(db, ticket)) is None
        rows[1].content = {**(rows[1].content or {}), "office": "别的科室"}
        assert chain.broken_at(chain.events(db, ticket)) == 2
        db.expire(rows[1])
        assert chain.broken_at(rows[:1] + rows[2:]) == 2
