"""Figures that are computed, never typed: received, answered, on time, median, satisfaction."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bureau.feedback.kinds import BAD_FROM
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from bureau.staff.models import StaffOffice
from core.clock import SHANGHAI

UNASSIGNED = "待分办"


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
class _Heap:
    """So many tickets that are alike in all that is counted."""

    office: str
    answer_days: int | None
    on_time: bool | None
    grade: int | None
    tickets: int


def figures(db: Session, since: date, until: date) -> tuple[Figures, list[Figures]]:
    """The whole and each office, of tickets received from `since` to `until`, both counted.

    Withdrawn ones are left out. On time is asked of the first answer, the grade is the newest.
    """
    heaps = _heaps(db, since, until)
    names = sorted({heap.office for heap in heaps})
    return _figures("全部", heaps), [
        _figures(name, [heap for heap in heaps if heap.office == name]) for name in names
    ]


def _heaps(db: Session, since: date, until: date) -> list[_Heap]:
    start = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    alike = (Ticket.office_id, Ticket.answer_days, Ticket.on_time, Ticket.grade)
    query = (
        select(*alike, func.count())
        .where(
            Ticket.received_at >= start,
            Ticket.received_at < end,
            Ticket.state != State.WITHDRAWN.value,
        )
        .group_by(*alike)
    )
    names = {row.id: row.name for row in db.scalars(select(StaffOffice))}
    return [
        _Heap(names.get(office or 0, UNASSIGNED), days, on_time, grade, count)
        for office, days, on_time, grade, count in db.execute(query)
    ]


def _figures(name: str, heaps: list[_Heap]) -> Figures:
    answered = [heap for heap in heaps if heap.answer_days is not None]
    rated = [heap for heap in heaps if heap.grade is not None]
    return Figures(
        name=name,
        received=sum(heap.tickets for heap in heaps),
        answered=sum(heap.tickets for heap in answered),
        on_time=sum(heap.tickets for heap in answered if heap.on_time),
        median_days=_median(answered),
        rated=sum(heap.tickets for heap in rated),
        satisfied=sum(heap.tickets for heap in rated if (heap.grade or 0) < BAD_FROM),
    )


def _median(answered: list[_Heap]) -> float | None:
    """The middle of all days to the answer; between two middles their mean."""
    total = sum(heap.tickets for heap in answered)
    if not total:
        return None
    ordered = sorted(answered, key=lambda heap: heap.answer_days or 0)
    middles = ((total - 1) // 2, total // 2)
    found, passed = [], 0
    for heap in ordered:
        found += [heap.answer_days or 0 for m in middles if passed <= m < passed + heap.tickets]
        passed += heap.tickets
    return sum(found) / len(found)
