"""The chain of a ticket's events: who did what when, each linked to the one before by a digest."""

import hashlib
import json
import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback.history import TicketEvent
from bureau.feedback.models import Ticket
from bureau.feedback.states import State, check_move
from bureau.staff.models import Clerk
from core.clock import SHANGHAI

START = "0" * 64
CITIZEN = "来信人"


def lock(db: Session, ticket: Ticket) -> Ticket:
    """The ticket as it stands now, held until the transaction ends; call before changing it."""
    db.refresh(ticket, with_for_update={"of": Ticket})
    return ticket


def append(
    db: Session,
    ticket: Ticket,
    action: str,
    now: datetime,
    *,
    by: Clerk | None = None,
    who: str = "系统",
    **content: Any,
) -> TicketEvent:
    """Add an event to the chain of a ticket that is locked or new."""
    last = db.execute(
        select(TicketEvent.position, TicketEvent.link)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.position.desc())
        .limit(1)
    ).first()
    salt, told = secrets.token_hex(16), plain(content)
    event = TicketEvent(
        ticket_id=ticket.id,
        position=last.position + 1 if last else 1,
        at=now,
        who=by.display_name if by else who,
        clerk_id=by.id if by else None,
        action=action,
        content=told,
        salt=salt,
        digest=digest_of(salt, told),
        link="",
    )
    event.link = link_of(last.link if last else START, event)
    db.add(event)
    db.flush()
    return event


def move(
    db: Session,
    ticket: Ticket,
    then: State,
    action: str,
    now: datetime,
    *,
    by: Clerk | None = None,
    who: str = "系统",
    **content: Any,
) -> TicketEvent:
    """Take a locked ticket to another state and write why. Raises IllegalMove."""
    check_move(State(ticket.state), then)
    ticket.state = then.value
    return append(db, ticket, action, now, by=by, who=who, **content)


def events(db: Session, ticket: Ticket) -> list[TicketEvent]:
    """The history, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    return list(db.scalars(query.order_by(TicketEvent.position)))


def broken_at(rows: list[TicketEvent]) -> int | None:
    """The position where a chain stops being whole; None when it is.

    A row whose content was deleted (salt and content gone) still counts as whole.
    """
    previous = START
    for expected, row in enumerate(rows, start=1):
        if row.position != expected or row.link != link_of(previous, row):
            return expected
        if row.content is not None and row.digest != digest_of(row.salt, row.content):
            return expected
        previous = row.link
    return None


def forget(row: TicketEvent) -> None:
    """Delete what an event says; its digest stays, so the chain stays whole."""
    row.content, row.salt = None, ""


def link_of(previous: str, row: TicketEvent) -> str:
    """SHA-256 over the link before and everything of this event but its content."""
    moment = row.at.astimezone(SHANGHAI).isoformat(timespec="microseconds")
    text = "\n".join((previous, str(row.position), moment, row.who, row.action, row.digest))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(salt: str, content: dict[str, Any]) -> str:
    """SHA-256 over the salt and the content as sorted JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256((salt + text).encode()).hexdigest()


def plain(content: dict[str, Any]) -> dict[str, Any]:
    """The content as JSON keeps it: days as text."""
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in content.items()}
