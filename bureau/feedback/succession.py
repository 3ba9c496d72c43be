"""A letter goes, those that were handled together with it stay: the oldest takes its place."""

from datetime import datetime

from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, forwarding
from bureau.feedback.kinds import Span, Unit
from bureau.feedback.models import Ticket
from bureau.feedback.replies import merged_into
from bureau.feedback.states import State


def hand_on(db: Session, ticket: Ticket, now: datetime) -> Ticket | None:
    """Take up the oldest letter merged into this open one, with its office and the longer clock.

    Gives it; None when nothing waits. Call before the ticket leaves its state.
    """
    waiting = merged_into(db, ticket)
    if not waiting:
        return None
    heir, *others = waiting
    chain.lock(db, heir)
    then = State.ASSIGNED if ticket.office_id else State.RECEIVED
    chain.move(db, heir, then, "resumed", now, number=ticket.number)
    heir.merged_into_id, heir.office_id, heir.office = None, ticket.office_id, ticket.office
    own, theirs = deadlines.leading(db, heir), deadlines.leading(db, ticket)
    span = Span(max(own.days, theirs.days), Unit(own.unit), own.source)
    deadlines.start(db, heir, "reply", span, now, since=own.started_on)
    for other in others:
        other.merged_into_id, other.due_on = heir.id, heir.due_on
    forwarding.tell_office(db, heir, "并案的来信转为单独办理", f"resumed:{ticket.id}", now)
    return heir
