"""Yellow the working day before a due date, red on the first day over: each told once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines
from bureau.feedback.models import Ticket
from bureau.feedback.requests import abandon
from bureau.feedback.search import OPEN_STATES
from bureau.feedback.states import State
from bureau.workdays import table
from core.clock import day_of

BATCH = 500
ACTIONS = {"yellow": "yellow_card", "red": "red_card"}


def hand_out(db: Session, now: datetime) -> list[tuple[Ticket, str]]:
    """Give every open ticket the card of today; those whose card is new, with its colour."""
    today = day_of(now)
    calendar = table.load(db, today)
    edge = calendar.add_workdays(today, 1).day
    query = (
        select(Ticket)
        .where(Ticket.state.in_(OPEN_STATES), Ticket.due_on <= edge, Ticket.card != "red")
        .order_by(Ticket.due_on)
        .limit(BATCH)
    )
    told = []
    for ticket in db.scalars(query).all():
        colour = deadlines.card(calendar, ticket, today)
        if not colour or colour == ticket.card:
            continue
        chain.lock(db, ticket)
        ticket.card = colour
        chain.append(db, ticket, ACTIONS[colour], now, due=ticket.due_on)
        told.append((ticket, colour))
    return told


def end_waiting(db: Session, now: datetime) -> int:
    """Close the requests whose supplement never came; how many."""
    waiting = select(Ticket).where(Ticket.state == State.SUPPLEMENT.value).limit(BATCH)
    return sum(abandon(db, ticket, now) for ticket in db.scalars(waiting).all())
