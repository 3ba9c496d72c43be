"""A seal a day over the newest link of every ticket: a chain rewritten later no longer fits."""

import hashlib
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bureau.feedback.chain import START, broken_at
from bureau.feedback.history import ChainSeal, TicketEvent
from bureau.feedback.models import Ticket
from core.clock import SHANGHAI, day_of

LOOKED_AT = timedelta(days=31)
SAMPLE = "sample"
Query: TypeAlias = Select[*tuple[Any, ...]]


def seal_until_yesterday(db: Session, now: datetime) -> list[ChainSeal]:
    """Seal each full day since the last seal on which something happened."""
    last = db.scalar(select(func.max(ChainSeal.day)))
    first = db.scalar(_real(select(func.min(TicketEvent.at)))) if last is None else None
    if last is None and first is None:
        return []
    day = last + timedelta(days=1) if last else day_of(first or now)
    made = []
    while day < day_of(now):
        events, digest = digest_of_day(db, day)
        if events:
            made.append(ChainSeal(day=day, events=events, digest=digest, sealed_at=now))
            db.add(made[-1])
            db.flush()
        day += timedelta(days=1)
    return made


def broken_seals(db: Session, since: date = date.min) -> list[date]:
    """The days from `since` on whose seal does not fit what the chains say now."""
    query = select(ChainSeal).where(ChainSeal.day >= since).order_by(ChainSeal.day)
    seals = db.scalars(query).all()
    return [seal.day for seal in seals if (seal.events, seal.digest) != digest_of_day(db, seal.day)]


def broken_chains(db: Session, since: date) -> list[str]:
    """The numbers of letters that something happened to since then and whose chain is not whole."""
    start = datetime.combine(since, time(), SHANGHAI)
    moved = select(TicketEvent.ticket_id).where(TicketEvent.at >= start)
    query = select(TicketEvent).where(TicketEvent.ticket_id.in_(moved))
    rows = db.scalars(query.order_by(TicketEvent.ticket_id, TicketEvent.position))
    whole = ((ticket, list(chain)) for ticket, chain in groupby(rows, lambda row: row.ticket_id))
    broken = [ticket for ticket, chain in whole if broken_at(chain) is not None]
    return list(db.scalars(select(Ticket.number).where(Ticket.id.in_(broken)).order_by(Ticket.id)))


def what_does_not_fit(db: Session, today: date) -> str:
    """Days and letters of the last month whose records were changed; empty when all is whole."""
    since = today - LOOKED_AT
    days = [f"{day:%Y-%m-%d}" for day in broken_seals(db, since)]
    return "、".join([*days, *broken_chains(db, since)])


def digest_of_day(db: Session, day: date) -> tuple[int, str]:
    """How many events a day has, and the digest over the seal before and all their links."""
    start = datetime.combine(day, time(), SHANGHAI)
    rows = db.execute(
        _real(select(TicketEvent.ticket_id, TicketEvent.position, TicketEvent.link))
        .where(TicketEvent.at >= start, TicketEvent.at < start + timedelta(days=1))
        .order_by(TicketEvent.ticket_id, TicketEvent.position)
    ).all()
    before = db.scalar(
        select(ChainSeal.digest).where(ChainSeal.day < day).order_by(ChainSeal.day.desc()).limit(1)
    )
    lines = [before or START, *(f"{ticket} {position} {link}" for ticket, position, link in rows)]
    return len(rows), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _real(query: Query) -> Query:
    """Without the samples: they come with days long past, and go again."""
    return query.join(Ticket, Ticket.id == TicketEvent.ticket_id).where(Ticket.origin != SAMPLE)
