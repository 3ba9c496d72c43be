"""Yellow the working day before a due date, red on the first day over: each told once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, forwarding
from bureau.feedback.history import TicketReply
from bureau.feedback.models import Ticket
from bureau.feedback.requests import abandon
from bureau.feedback.search import OPEN_STATES
from bureau.feedback.states import State
from bureau.staff import alerts
from bureau.workdays import table
from core.clock import day_of

BATCH = 500
NUDGE = timedelta(hours=4)  # before the 48 hours of 客服消息 end
LABELS = {"yellow": "黄牌（临期）", "red": "红牌（逾期）"}
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
        forwarding.tell_office(db, ticket, LABELS[colour], f"{colour}:{ticket.due_on}", now)
        told.append((ticket, colour))
    return told


def nudge(db: Session, now: datetime) -> int:
    """Tell the staff of letters whose WeChat window ends soon with nothing said yet; how many.

    While it is open an interim reply reaches the citizen at once; afterwards it may have to wait.
    """
    edge = now - deadlines.WINDOW
    query = (
        select(Ticket)
        .outerjoin(
            TicketReply, (TicketReply.ticket_id == Ticket.id) & (TicketReply.state == "sent")
        )
        .where(
            Ticket.state.in_(OPEN_STATES),
            Ticket.openid.is_not(None),
            Ticket.received_at > edge,
            Ticket.received_at <= edge + NUDGE,
            TicketReply.id.is_(None),
        )
        .limit(BATCH)
    )
    tickets = db.scalars(query).unique().all()
    for ticket in tickets:
        until = deadlines.window_until(ticket)
        words = f"{ticket.number} 微信可直接回复至 {until:%H:%M}，建议先发一条办理进展。"
        alerts.put(db, f"window:{ticket.number}", words, now)
    return len(tickets)


def end_waiting(db: Session, now: datetime) -> int:
    """Close the requests whose supplement never came; how many."""
    waiting = select(Ticket).where(Ticket.state == State.SUPPLEMENT.value).limit(BATCH)
    return sum(abandon(db, ticket, now) for ticket in db.scalars(waiting).all())
