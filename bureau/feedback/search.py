"""Finding tickets for the staff: lists by filter, one by number, the figures of the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bureau.feedback import words
from bureau.feedback.escalation import KIND as ESCALATION
from bureau.feedback.history import TicketAsk, TicketAssist
from bureau.feedback.models import Ticket
from bureau.feedback.states import OPEN, State
from bureau.feedback.tracking import tidy
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.errors import NotFound
from core.numbering import is_number
from core.unseen import without_unseen

Query: TypeAlias = Select[*tuple[Any, ...]]
FOUND_AT_MOST = 1_000
OPEN_STATES = [state.value for state in OPEN]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list. `clerk` limits it to what that clerk may see; None sees all."""

    state: str = ""
    kind: str = ""
    office_id: int | None = None
    words: str = ""
    overdue: bool = False
    open_only: bool = False
    escalated: bool = False
    clerk: Clerk | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of tickets, newest first; `after` of the next page, None on the last."""

    tickets: list[Ticket]
    after: int | None


def page(
    db: Session, filters: Filters, today: date, *, after: int | None = None, size: int = 50
) -> Page:
    """Tickets that match, newest first, those with an id below `after`."""
    query = _matching(db, select(Ticket), filters, today)
    if after is not None:
        query = query.where(Ticket.id < after)
    rows = list(db.scalars(query.order_by(Ticket.id.desc()).limit(size + 1)))
    more = len(rows) > size
    return Page(rows[:size], rows[size - 1].id if more else None)


def listed(
    db: Session, filters: Filters, today: date, *, offset: int = 0, size: int = 20
) -> tuple[list[Ticket], int]:
    """A page of tickets and how many there are: open ones as they fall due, others newest first.

    Of a search by words at most 1 000 are found: the words are read once, not twice.
    """
    by_due = filters.open_only or filters.overdue or filters.escalated
    order = (Ticket.due_on, Ticket.id) if by_due else (Ticket.id.desc(),)
    if filters.words.strip():
        ids = _matching(db, select(Ticket.id), filters, today).order_by(*order).limit(FOUND_AT_MOST)
        found = list(db.scalars(ids))
        chosen = found[offset : offset + size]
        rows = {row.id: row for row in db.scalars(select(Ticket).where(Ticket.id.in_(chosen)))}
        return [rows[number] for number in chosen], len(found)
    query = _matching(db, select(Ticket), filters, today).order_by(*order)
    total = db.scalar(_matching(db, select(func.count(Ticket.id)), filters, today)) or 0
    return list(db.scalars(query.offset(offset).limit(size))), total


def most_urgent(db: Session, clerk: Clerk | None, limit: int = 20) -> list[Ticket]:
    """Open tickets, those due first at the top."""
    query = select(Ticket).where(Ticket.state.in_(OPEN_STATES))
    query = _seen_by(query, clerk).order_by(Ticket.due_on, Ticket.id)
    return list(db.scalars(query.limit(limit)))


def one(db: Session, number: str) -> Ticket:
    """The ticket of this number. Raises NotFound."""
    ticket = db.scalar(select(Ticket).where(Ticket.number == tidy(number)))
    if ticket is None:
        raise NotFound("没有找到这件来信。")
    return ticket


def visible(db: Session, clerk: Clerk, number: str) -> Ticket:
    """The ticket, if this clerk may read it. Raises NotFound: the two are not told apart."""
    roles.require(clerk.role, "feedback.read")
    query = select(Ticket).where(Ticket.number == tidy(number))
    ticket: Ticket | None = db.scalar(_seen_by(query, clerk))
    if ticket is None:
        raise NotFound("没有找到这件来信。")
    return ticket


def everything(db: Session) -> list[Ticket]:
    """Every ticket, oldest first: for the command line."""
    return list(db.scalars(select(Ticket).order_by(Ticket.id)))


def counts(db: Session, clerk: Clerk | None, today: date) -> dict[str, int]:
    """How many tickets stand in each state; of the open ones also `overdue`, `due_today` and
    `escalated`: what lies before the leader."""
    query = _seen_by(select(Ticket.state, func.count()), clerk).group_by(Ticket.state)
    found = {state.value: 0 for state in State}
    found.update({row[0]: row[1] for row in db.execute(query)})
    late = select(func.count(Ticket.id)).where(Ticket.state.in_(OPEN_STATES), Ticket.due_on < today)
    found["overdue"] = db.scalar(_seen_by(late, clerk)) or 0
    due = select(func.count(Ticket.id)).where(Ticket.state.in_(OPEN_STATES), Ticket.due_on == today)
    found["due_today"] = db.scalar(_seen_by(due, clerk)) or 0
    before_leader = _before_leader(select(func.count(Ticket.id)))
    found["escalated"] = db.scalar(_seen_by(before_leader, clerk)) or 0
    return found


def before_leader(db: Session, tickets: Sequence[Ticket]) -> set[int]:
    """The ids of those among these that wait for the leader's word."""
    query = _before_leader(select(Ticket.id)).where(Ticket.id.in_([one.id for one in tickets]))
    return set(db.scalars(query))


def _matching(db: Session, query: Query, filters: Filters, today: date) -> Query:
    exact = ((Ticket.state, filters.state), (Ticket.kind, filters.kind))
    for column, wanted in (*exact, (Ticket.office_id, filters.office_id)):
        if wanted:
            query = query.where(column == wanted)
    if filters.open_only:
        query = query.where(Ticket.state.in_(OPEN_STATES))
    if filters.overdue:
        query = query.where(Ticket.state.in_(OPEN_STATES), Ticket.due_on < today)
    if filters.escalated:
        query = _before_leader(query)
    asked = without_unseen(filters.words).strip()
    if asked:
        query = _with_words(db, query, asked)
    return _seen_by(query, filters.clerk)


def _with_words(db: Session, query: Query, asked: str) -> Query:
    """Only the ticket of this number, or those whose text holds these words."""
    if is_number(tidy(asked)):
        return query.where(Ticket.number == tidy(asked))
    query = query.where(words.holds(db, asked))
    found = words.perhaps_in(db, asked)
    return query if found is None else query.where(Ticket.id.in_(found))


def _before_leader(query: Query) -> Query:
    """Only open tickets that wait for the leader's word."""
    asked = select(TicketAsk.ticket_id).where(
        TicketAsk.kind == ESCALATION, TicketAsk.granted.is_(None)
    )
    return query.where(Ticket.state.in_(OPEN_STATES), Ticket.id.in_(asked))


def _seen_by(query: Query, clerk: Clerk | None) -> Query:
    """Only tickets of the clerk's office (leading or assisting), unless the role reads all."""
    if clerk is None or roles.may(clerk.role, "feedback.read_all"):
        return query
    office = clerk.office_id if clerk.office_id is not None else -1
    assisting = select(TicketAssist.ticket_id).where(TicketAssist.office_id == office)
    return query.where(or_(Ticket.office_id == office, Ticket.id.in_(assisting)))
