"""报请局领导: a ticket laid before the leader with the reason, and what the leader says to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain
from bureau.feedback.history import TicketAsk
from bureau.feedback.models import Ticket
from bureau.feedback.states import OPEN, State
from bureau.staff import alerts, roles
from bureau.staff.models import Clerk
from core.errors import IllegalMove, NotFound, Refusal

KIND = "escalation"


def escalate(db: Session, ticket: Ticket, by: Clerk, now: datetime, reason: str) -> TicketAsk:
    """Lay the ticket before the leader. It goes on being handled, and its clock runs on.

    Raises Refusal without a reason, IllegalMove when it is closed or lies there already.
    """
    roles.require(by.role, "feedback.escalate")
    reason = reason.strip()
    if not reason:
        raise Refusal("请说明报请局领导的理由。")
    chain.lock(db, ticket)
    if State(ticket.state) not in OPEN:
        raise IllegalMove("这件来信已不在办理中。")
    if waiting(db, ticket) is not None:
        raise IllegalMove("这件来信已经报请局领导，请等待批示。")
    ask = TicketAsk(ticket_id=ticket.id, kind=KIND, reason=reason, asked_by_id=by.id, asked_at=now)
    db.add(ask)
    db.flush()
    chain.append(db, ticket, "escalated", now, by=by, reason=reason)
    words = f"报请局领导：{ticket.number}，期限 {ticket.due_on:%Y-%m-%d}，请批示。"
    alerts.put(db, f"escalated:{ask.id}", words, now)
    return ask


def instruct(db: Session, ask: TicketAsk, words: str, by: Clerk, now: datetime) -> None:
    """The leader's instruction (批示); the office is told that there is one.

    Raises Refusal for empty words, IllegalMove when one was given already.
    """
    roles.require(by.role, "feedback.instruct")
    words = words.strip()
    if not words:
        raise Refusal("请写下批示。")
    ticket = db.get(Ticket, ask.ticket_id)
    if ticket is None:
        raise NotFound("没有找到这件来信。")
    chain.lock(db, ticket)
    db.refresh(ask)
    if ask.kind != KIND or ask.granted is not None:
        raise IllegalMove("这件来信已经批示过了。")
    ask.granted, ask.decided_by_id, ask.decided_at, ask.decision = True, by.id, now, words
    chain.append(db, ticket, "instructed", now, by=by, reason=words)
    alerts.put(db, f"instructed:{ask.id}", f"局领导已批示：{ticket.number}，请按批示办理。", now)


def waiting(db: Session, ticket: Ticket) -> TicketAsk | None:
    """What still lies before the leader; None when nothing does."""
    query = select(TicketAsk).where(
        TicketAsk.ticket_id == ticket.id, TicketAsk.kind == KIND, TicketAsk.granted.is_(None)
    )
    return db.scalar(query)
