"""Letters like this one: the same matter said in other words, by pairs of characters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback.history import TicketPublication
from bureau.feedback.models import Ticket
from core.privacy import mask

SPAN = timedelta(days=90)
LOOKED_AT = 500  # of the newest letters
LIKE = 0.4  # share of common pairs from which two letters are shown as alike
WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Alike:
    """Something like the letter. share: of common pairs, 0–1; publication: id of a public one."""

    number: str
    title: str
    share: float
    publication: int = 0


def tickets_like(db: Session, ticket: Ticket, limit: int = 5) -> list[Alike]:
    """Other letters of the last 90 days like this one, for the dispatcher."""
    query = (
        select(Ticket.number, Ticket.text)
        .where(Ticket.id != ticket.id, Ticket.received_at >= ticket.received_at - SPAN)
        .order_by(Ticket.id.desc())
        .limit(LOOKED_AT)
    )
    return _best(ticket.text, ((row.number, row.text, 0) for row in db.execute(query)), limit)


def public_like(db: Session, text: str, now: datetime, limit: int = 1) -> list[Alike]:
    """Published letters like these words: what may be shown to somebody who is still writing."""
    query = (
        select(Ticket.number, TicketPublication.question, TicketPublication.id)
        .join(TicketPublication, TicketPublication.ticket_id == Ticket.id)
        .where(TicketPublication.state == "public", Ticket.received_at >= now - SPAN * 4)
        .order_by(TicketPublication.id.desc())
        .limit(LOOKED_AT)
    )
    rows = ((row.number, row.question, row.id) for row in db.execute(query))
    return _best(text, rows, limit)


def share(one: str, other: str) -> float:
    """How much two texts have in common, 0–1: pairs of both over pairs of the shorter one."""
    left, right = pairs(one), pairs(other)
    fewer = min(len(left), len(right))
    return len(left & right) / fewer if fewer else 0.0


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, without marks and blanks."""
    plain = WORDS.sub("", text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _best(text: str, rows: Iterable[tuple[str, str, int]], limit: int) -> list[Alike]:
    found = []
    for number, other, publication in rows:
        common = share(text, other)
        if common >= LIKE and len(pairs(other)) > 3:
            line = mask(other).replace("\n", " ").strip()  # before it is cut
            title = line[:30] + ("…" if len(line) > 30 else "")
            found.append(Alike(number, title, common, publication))
    return sorted(found, key=lambda one: -one.share)[:limit]
