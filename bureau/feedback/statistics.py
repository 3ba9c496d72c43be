"""Figures that are computed, never typed: received, answered, on time, median, satisfaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback.history import TicketRating
from bureau.feedback.kinds import BAD_FROM
from bureau.feedback.models import Ticket, TicketClock
from bureau.feedback.states import State
from bureau.staff.models import StaffOffice
from core.clock import SHANGHAI, day_of

NOT_COUNTED = (State.WITHDRAWN.value,)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of tickets received in a span. `on_time` and `satisfied` are counts, not shares.

    median_days: calendar days from receipt to answer; None without an answer.
    """

    name: str
    received: int
    answered: int
    on_time: int
    median_days: float | None
    rated: int
    satisfied: int

    @property
    def on_time_share(self) -> float | None:
        return self.on_time / self.answered if self.answered else None

    @property
    def satisfied_share(self) -> float | None:
        return self.satisfied / self.rated if self.rated else None


@dataclass(frozen=True, slots=True)
class _Row:
    office: str
    received_on: date
    answered_on: date | None
    first_due: date
    grade: int | None


def figures(db: Session, since: date, until: date) -> tuple[Figures, list[Figures]]:
    """The whole and each office, of tickets received from `since` to `until`, both counted."""
    rows = _rows(db, since, until)
    names = sorted({row.office for row in rows})
    offices = [_figures(name, [r for r in rows if r.office == name]) for name in names]
    return _figures("全部", rows), offices


def _rows(db: Session, since: date, until: date) -> list[_Row]:
    start = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    span = (Ticket.received_at >= start, Ticket.received_at < end)
    counted = (*span, Ticket.state.not_in(NOT_COUNTED))
    tickets = db.execute(
        select(Ticket.id, Ticket.received_at, Ticket.answered_at, Ticket.due_on, StaffOffice.name)
        .outerjoin(StaffOffice, StaffOffice.id == Ticket.office_id)
        .where(*counted)
    ).all()
    # A redo sets a new due date; whether the answer was on time is asked of the first clock.
    first_due: dict[int, date] = {}
    clocks = select(TicketClock.ticket_id, TicketClock.due_on).join(
        Ticket, Ticket.id == TicketClock.ticket_id
    )
    for clock in db.execute(clocks.where(*span, TicketClock.name == "reply")):
        first_due[clock.ticket_id] = clock.due_on
    grades: dict[int, int] = {}
    rated = select(TicketRating.ticket_id, TicketRating.grade).join(
        Ticket, Ticket.id == TicketRating.ticket_id
    )
    for said in db.execute(rated.where(*span).order_by(TicketRating.id)):
        grades[said.ticket_id] = said.grade
    return [
        _Row(
            office=row.name or "待分办",
            received_on=day_of(row.received_at),
            answered_on=day_of(row.answered_at) if row.answered_at else None,
            first_due=first_due.get(row.id, row.due_on),
            grade=grades.get(row.id),
        )
        for row in tickets
    ]


def _figures(name: str, rows: Iterable[_Row]) -> Figures:
    rows = list(rows)
    answered = [(row, row.answered_on) for row in rows if row.answered_on is not None]
    days = [(day - row.received_on).days for row, day in answered]
    grades = [row.grade for row in rows if row.grade is not None]
    return Figures(
        name=name,
        received=len(rows),
        answered=len(answered),
        on_time=sum(day <= row.first_due for row, day in answered),
        median_days=float(median(days)) if days else None,
        rated=len(grades),
        satisfied=sum(grade < BAD_FROM for grade in grades),
    )
