"""The clocks of a ticket: started, extended, explained, and set anew when the calendar changes."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bureau.feedback import chain
from bureau.feedback.kinds import Span, Unit
from bureau.feedback.models import Ticket, TicketClock
from bureau.feedback.states import OPEN, State
from bureau.workdays import table
from bureau.workdays.calendar import Due, Step, WorkCalendar
from core.clock import day_of
from core.errors import NotFound

LEADING = ("reply", "redo")  # the clocks that Ticket.due_on shows
WINDOW = timedelta(hours=48)  # 客服消息 after a person's message (WeChat)


def due_of(calendar: WorkCalendar, start: date, days: int, unit: str) -> Due:
    """The due day of so many days of a unit after `start`."""
    if unit == Unit.WORKDAYS:
        return calendar.add_workdays(start, days)
    return calendar.add_days(start, days)


def due_by(calendar: WorkCalendar, clock: TicketClock) -> Due:
    """The due day of a clock: its own days and those that are not counted."""
    return due_of(calendar, clock.started_on, clock.days + clock.excluded, clock.unit)


def start(
    db: Session, ticket: Ticket, name: str, span: Span, now: datetime, *, since: date | None = None
) -> TicketClock:
    """Start a clock today, or on an earlier day; a leading one moves the ticket's due date."""
    day = since or day_of(now)
    due = due_of(table.load(db, day), day, span.days, span.unit)
    clock = TicketClock(
        ticket_id=ticket.id,
        name=name,
        unit=span.unit.value,
        days=span.days,
        source=span.source,
        started_on=day,
        due_on=due.day,
        provisional=due.provisional,
    )
    db.add(clock)
    if name in LEADING:
        ticket.due_on, ticket.provisional, ticket.card = due.day, due.provisional, ""
    return clock


def stop(db: Session, ticket: Ticket, now: datetime, ending: str, *names: str) -> None:
    """End the running clocks with these names; no names: all of them."""
    for clock in running(db, ticket):
        if not names or clock.name in names:
            clock.ended_at, clock.ending = now, ending


def running(db: Session, ticket: Ticket) -> list[TicketClock]:
    query = select(TicketClock).where(
        TicketClock.ticket_id == ticket.id, TicketClock.ended_at.is_(None)
    )
    return list(db.scalars(query.order_by(TicketClock.id)))


def leading(db: Session, ticket: Ticket) -> TicketClock:
    """The newest clock that sets the due date. Raises NotFound when there is none."""
    query = select(TicketClock).where(
        TicketClock.ticket_id == ticket.id, TicketClock.name.in_(LEADING)
    )
    clock = db.scalar(query.order_by(TicketClock.id.desc()).limit(1))
    if clock is None:
        raise NotFound("这件来信没有办理期限。")
    return clock


def extend(db: Session, ticket: Ticket, days: int = 0, *, excluded: int = 0) -> Due:
    """Lengthen the leading clock by days of its own unit, or by days that are not counted."""
    clock = leading(db, ticket)
    clock.days += days
    clock.excluded += excluded
    return _set_due(db, ticket, clock, table.load(db, clock.started_on))


def explain(db: Session, ticket: Ticket) -> list[Step]:
    """The arithmetic of the due date, day by day (calendar days: first and last only)."""
    clock = leading(db, ticket)
    calendar = table.load(db, clock.started_on)
    if clock.unit == Unit.WORKDAYS:
        return calendar.explain(clock.started_on, clock.days + clock.excluded)
    first = Step(clock.started_on, 0, "收到当日不计")
    return [first, Step(clock.due_on, clock.days, calendar.why(clock.due_on))]


def card(calendar: WorkCalendar, ticket: Ticket, today: date) -> str:
    """`red` from the first day over, `yellow` on the working day before, else empty."""
    if State(ticket.state) not in OPEN:
        return ""
    if today > ticket.due_on:
        return "red"
    return "yellow" if today >= calendar.workday_before(ticket.due_on) else ""


def window_until(ticket: Ticket) -> datetime:
    """Until when WeChat lets us write to the citizen directly."""
    return ticket.last_wrote_at + WINDOW


def redate(db: Session, now: datetime, reason: str) -> list[tuple[Ticket, date]]:
    """Set every running clock by the calendar as it is now; what moved, with the former day.

    Each ticket that moved, or lost its 暂按, gets an event with the reason.
    """
    query = (
        select(TicketClock, Ticket)
        .join(Ticket, Ticket.id == TicketClock.ticket_id)
        .where(TicketClock.ended_at.is_(None))
        .order_by(TicketClock.id)
    )
    rows = db.execute(query).unique().all()
    if not rows:
        return []
    calendar = table.load(db, min(clock.started_on for clock, _ in rows))
    moved = []
    for clock, ticket in rows:
        was = clock.due_on
        if _redate_one(db, ticket, clock, calendar, now, reason):
            moved.append((ticket, was))
    return moved


def _redate_one(
    db: Session,
    ticket: Ticket,
    clock: TicketClock,
    calendar: WorkCalendar,
    now: datetime,
    reason: str,
) -> bool:
    due = due_by(calendar, clock)
    if (due.day, due.provisional) == (clock.due_on, clock.provisional):
        return False
    chain.lock(db, ticket)
    was = clock.due_on
    _set_due(db, ticket, clock, calendar)
    chain.append(
        db, ticket, "due_changed", now, clock=clock.name, was=was, due=due.day, reason=reason
    )
    return True


def _set_due(db: Session, ticket: Ticket, clock: TicketClock, calendar: WorkCalendar) -> Due:
    due = due_by(calendar, clock)
    clock.due_on, clock.provisional = due.day, due.provisional
    if clock.name in LEADING:
        ticket.due_on, ticket.provisional, ticket.card = due.day, due.provisional, ""
        together = update(Ticket).where(
            Ticket.merged_into_id == ticket.id, Ticket.state == State.MERGED
        )
        db.execute(together.values(due_on=due.day, provisional=due.provisional))
    return due
