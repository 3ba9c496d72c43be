"""After the answer: the outcome, the steps of what was adopted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, letters
from bureau.feedback.history import TicketProgress
from bureau.feedback.kinds import OUTCOMES
from bureau.feedback.models import Ticket
from bureau.feedback.replies import merged_into, tell_all
from bureau.feedback.states import State
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.errors import IllegalMove, Refusal

ADOPTED = ("adopted", "partially_adopted")
WITH_REASON = ("not_adopted", "partially_adopted")


def close(
    db: Session, ticket: Ticket, outcome: str, by: Clerk, now: datetime, reason: str = ""
) -> None:
    """Close an answered ticket with its outcome; the citizen is told of it.

    Raises Refusal for an unknown outcome, or 不予采纳 and 部分采纳 without a reason
    (《山东省信访条例》（2015）: 未采纳的说明理由).
    """
    roles.require(by.role, "feedback.close")
    if outcome not in OUTCOMES:
        raise Refusal("请选择处理结果。")
    if outcome in WITH_REASON and not reason.strip():
        raise Refusal(f"“{OUTCOMES[outcome]}”须说明理由。")
    chain.lock(db, ticket)
    chain.move(
        db, ticket, State.CLOSED, "closed", now, by=by, outcome=outcome, reason=reason.strip()
    )
    _end(ticket, outcome, reason.strip(), now)
    deadlines.stop(db, ticket, now, "met")
    for other in merged_into(db, ticket):
        chain.lock(db, other)
        if other.state == State.ANSWERED:
            chain.move(db, other, State.CLOSED, "closed", now, by=by, outcome=outcome)
            _end(other, outcome, reason.strip(), now)
    if outcome != "answered":
        key = f"closed:{ticket.round}"
        tell_all(db, ticket, lambda one: letters.closed(one, now), key, now)


def progress(db: Session, ticket: Ticket, text: str, by: Clerk, now: datetime) -> TicketProgress:
    """A step of an adopted suggestion on its way to being done; its author is told.

    Raises Refusal for empty words, IllegalMove when the ticket was not adopted.
    """
    roles.require(by.role, "feedback.close")
    if not text.strip():
        raise Refusal("请写下进展内容。")
    if ticket.outcome not in ADOPTED:
        raise IllegalMove("只有采纳或部分采纳的来信可以登记落实进展。")
    chain.lock(db, ticket)
    row = TicketProgress(ticket_id=ticket.id, clerk_id=by.id, text=text.strip(), at=now)
    db.add(row)
    db.flush()
    chain.append(db, ticket, "progress", now, by=by, text=row.text)
    row.push_id = tell_all(
        db, ticket, lambda one: letters.progressed(one, row.text, now), f"step:{row.id}", now
    )
    return row


def steps(db: Session, ticket: Ticket) -> list[TicketProgress]:
    query = select(TicketProgress).where(TicketProgress.ticket_id == ticket.id)
    return list(db.scalars(query.order_by(TicketProgress.id)))


def _end(ticket: Ticket, outcome: str, reason: str, now: datetime) -> None:
    ticket.outcome, ticket.outcome_reason, ticket.closed_at = outcome, reason, now
