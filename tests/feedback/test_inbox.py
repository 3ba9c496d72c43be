"""Who sees which ticket, and how the inbox is searched."""

from datetime import date

import pytest

from bureau.feedback import handling, search
from bureau.feedback.models import Ticket
from core.db import Database
from core.errors import NotFound
from tests.feedback.making import (
    NOW,
    clerk,
    hand_in,
    make_house,
    make_ticket,
    office,
)


def test_a_clerk_sees_the_tickets_of_his_office_only(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        mine = make_ticket(db, "a", assigned=True)
        theirs = hand_in(db, "b").ticket
        handling.assign(db, theirs, office(db, "budget"), clerk(db, "general_office"), NOW)
        handler = clerk(db, "handler")
        found = search.page(db, search.Filters(clerk=handler), NOW.date()).tickets
        assert [t.number for t in found] == [mine.number]
        with pytest.raises(NotFound):
            search.visible(db, handler, theirs.number)
        handling.assign(
            db, theirs, office(db, "budget"), clerk(db, "general_office"), NOW, assists=[office(db)]
        )
        assert search.visible(db, handler, theirs.number) is theirs
        handler.office_id = None
        hand_in(db, "c")
        assert search.page(db, search.Filters(clerk=handler), NOW.date()).tickets == []
        everyone = search.Filters(clerk=clerk(db, "auditor"))
        assert len(search.page(db, everyone, NOW.date(), size=2).tickets) == 2


def test_the_inbox_counts_and_finds(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        for n in range(5):
            hand_in(db, f"m{n}", text=f"第{n}件，关于50%_的问题")
        found = search.page(db, search.Filters(words="50%_"), NOW.date(), size=3)
        assert (len(found.tickets), found.after is not None) == (3, True)
        rest = search.page(db, search.Filters(words="50%_"), NOW.date(), after=found.after)
        assert len(rest.tickets) == 2
        assert search.page(db, search.Filters(words="%%"), NOW.date()).tickets == []
        late = search.counts(db, None, date(2026, 4, 1))
        assert (late["received"], late["overdue"]) == (5, 5)
        assert search.most_urgent(db, None)[0].serial == 1
        assert isinstance(search.everything(db)[0], Ticket)


def test_the_list_pages_what_it_finds(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        for n in range(5):
            hand_in(db, f"m{n}", text=f"第{n}件关于票据")
        hand_in(db, "other", text="别的事")
        for filters, total in ((search.Filters(), 6), (search.Filters(words="票据"), 5)):
            first, count = search.listed(db, filters, NOW.date(), size=2)
            second, _ = search.listed(db, filters, NOW.date(), offset=2, size=2)
            assert count == total
            ids = [ticket.id for ticket in (*first, *second)]
            assert ids == sorted(ids, reverse=True)
            assert len(set(ids)) == 4
