"""A seal a day over the newest link of every ticket: a chain rewritten later no longer fits."""

import hashlib
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bureau.feedback.chain import START
from bureau.feedback.history import ChainSeal, TicketEvent
from core.clock import SHANGHAI, day_of


def seal_until_yesterday(db: Session, now: datetime) -> list[ChainSeal]:
    """Seal each full day since the last seal on which something happened."""
    last = db.scalar(select(func.max(ChainSeal.day)))
    first = db.scalar(select(func.min(TicketEvent.at))) if last is None else None
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


def broken_seals(db: Session) -> list[date]:
    """The days whose seal does not fit what the chains say now."""
    seals = db.scalars(select(ChainSeal).order_by(ChainSeal.day)).all()
    return [seal.day for seal in seals if (seal.events, seal.digest) != digest_of_day(db, seal.day)]


def digest_of_day(db: Session, day: date) -> tuple[int, str]:
    """How many events a day has, and the digest over the seal before and all their links."""
    start = datetime.combine(day, time(), SHANGHAI)
    rows = db.execute(
        select(TicketEvent.ticket_id, TicketEvent.position, TicketEvent.link)
        .where(TicketEvent.at >= start, TicketEvent.at < start + timedelta(days=1))
        .order_by(TicketEvent.ticket_id, TicketEvent.position)
    ).all()
    before = db.scalar(
        select(ChainSeal.digest).where(ChainSeal.day < day).order_by(ChainSeal.day.desc()).limit(1)
    )
    lines = [before or START, *(f"{ticket} {position} {link}" for ticket, position, link in rows)]
    return len(rows), hashlib.sha256("\n".join(lines).encode()).hexdigest()
