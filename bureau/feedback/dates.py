"""Telling people that the calendar moved their due date."""

from datetime import datetime

from sqlalchemy.orm import Session

from bureau.feedback import deadlines, letters
from bureau.feedback.replies import tell


def announce(db: Session, now: datetime, reason: str) -> int:
    """Set open tickets by the calendar as it is now and tell each whose day moved; how many.

    A ticket that only lost its 暂按 is written down, but nobody is troubled with it.
    """
    moved = [(t, was) for t, was in deadlines.redate(db, now, reason) if t.due_on != was]
    for ticket, was in moved:
        notice = letters.due_changed(ticket, was, reason, now)
        tell(db, ticket, notice, f"due:{ticket.due_on}", now)
    return len(moved)
