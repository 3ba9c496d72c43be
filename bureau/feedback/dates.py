"""Telling people that the calendar moved their due date."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bureau.feedback import deadlines, letters
from bureau.feedback.replies import tell_all
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from bureau.workdays import table
from bureau.workdays.table import YearNotice
from core.errors import Refusal


def load_notice(db: Session, notice: YearNotice, by: Clerk, now: datetime) -> int:
    """Put a year's notice into the table; how many letters fall due on another day by it.

    Raises Refusal without a source: the day that was worked out must say where it comes from.
    """
    roles.require(by.role, "workdays.manage")
    if not notice.source:
        raise Refusal("请写明通知的文号。")
    table.apply(db, notice, now)
    told = f"第{notice.version}版，{notice.source}"
    audit.note(db, by, "workdays.load", f"workdays:{notice.year}", now, source=told)
    return announce(db, now, f"{notice.year}年放假安排：{notice.source}")


def announce(db: Session, now: datetime, reason: str) -> int:
    """Set open tickets by the calendar as it is now and tell each whose day moved; how many.

    A ticket that only lost its 暂按 is written down, but nobody is troubled with it.
    """
    moved = [(t, was) for t, was in deadlines.redate(db, now, reason) if t.due_on != was]
    for ticket, was in moved:
        write = partial(letters.due_changed, was=was, reason=reason, now=now)
        tell_all(db, ticket, write, f"due:{ticket.due_on}", now)
    return len(moved)
