"""报请局领导: with a reason, seen by the leader, told to the staff, written in the chain."""

import pytest
from sqlalchemy import select

from bureau.feedback import chain, escalation, handling, replies, search
from bureau.feedback.search import Filters
from bureau.feedback.states import State
from bureau.staff.models import StaffAlert
from core.db import Database
from core.errors import Forbidden, IllegalMove, Refusal
from tests.feedback.making import NOW, clerk, hand_in, later, make_house, make_ticket


def test_what_lies_before_the_leader_is_listed_told_and_written_down(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        make_house(db)
        hand_in(db, "other")
        ticket = make_ticket(db, assigned=True)
        leader, today = clerk(db, "leader"), NOW.date()
        ask = escalation.escalate(db, ticket, clerk(db, "head"), NOW, "涉及两个科室")
        assert ticket.state == State.ASSIGNED  # it goes on being handled
        rows, total = search.listed(db, Filters(escalated=True, clerk=leader), today)
        assert (rows, total, search.before_leader(db, rows)) == ([ticket], 1, {ticket.id})
        assert search.counts(db, leader, today)["escalated"] == 1
        alert = db.scalars(
            select(StaffAlert.text).where(StaffAlert.key == f"escalated:{ask.id}")
        ).one()
        assert ticket.number in alert
        escalation.instruct(db, ask, "由办公室牵头，三日内答复", leader, later(1))
        assert search.counts(db, leader, today)["escalated"] == 0
        written = [(e.action, e.content["reason"]) for e in chain.events(db, ticket)[-2:]]
        assert written == [
            ("escalated", "涉及两个科室"),
            ("instructed", "由办公室牵头，三日内答复"),
        ]
        assert chain.broken_at(chain.events(db, ticket)) is None


def test_it_needs_a_reason_and_lies_there_once(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket, head = make_ticket(db, assigned=True), clerk(db, "head")
        with pytest.raises(Refusal, match="理由"):
            escalation.escalate(db, ticket, head, NOW, " ")
        with pytest.raises(Forbidden):
            escalation.escalate(db, ticket, clerk(db, "drafter"), NOW, "难")
        escalation.escalate(db, ticket, head, NOW, "难")
        with pytest.raises(IllegalMove, match="已经报请"):
            escalation.escalate(db, ticket, head, NOW, "还是难")


def test_only_the_leader_instructs_and_only_once(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        ticket = make_ticket(db, assigned=True)
        ask = escalation.escalate(db, ticket, clerk(db, "general_office"), NOW, "难")
        for role in ("general_office", "admin", "head"):
            with pytest.raises(Forbidden):
                escalation.instruct(db, ask, "办", clerk(db, role), NOW)
        with pytest.raises(Refusal, match="批示"):
            escalation.instruct(db, ask, "", clerk(db, "leader"), NOW)
        escalation.instruct(db, ask, "办", clerk(db, "leader"), NOW)
        with pytest.raises(IllegalMove):
            escalation.instruct(db, ask, "再办", clerk(db, "leader"), NOW)
        with pytest.raises(IllegalMove):
            handling.decide(db, ask, True, clerk(db, "leader"), NOW)
        replies.answer(db, ticket, "好", clerk(db, "general_office"), NOW)
        with pytest.raises(IllegalMove, match="不在办理中"):
            escalation.escalate(db, ticket, clerk(db, "head"), NOW, "晚了")
