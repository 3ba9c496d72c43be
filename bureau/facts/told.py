"""Telling and taking facts. A fact is a row of the transaction that made it true."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.facts.models import Fact

DOCUMENT_ENDED = "document.ended"  # disclosure:12 → {number, how, on, reason}
KNOWLEDGE_LIVE = "knowledge.live"  # import:3 or lexicon:5 → {}
SHARE = 50


def tell(
    db: Session, kind: str, subject: str, now: datetime, data: Mapping[str, Any] | None = None
) -> bool:
    """Tell that something happened; False when it was told before."""
    there = select(Fact.id).where(Fact.kind == kind, Fact.subject == subject)
    if db.scalar(there) is not None:
        return False
    db.add(Fact(kind=kind, subject=subject, data=dict(data or {}), at=now))
    db.flush()
    return True


def one(db: Session, kind: str, subject: str) -> Fact | None:
    """What was told of a subject; None when nothing was."""
    return db.scalar(select(Fact).where(Fact.kind == kind, Fact.subject == subject))


def any_untaken(db: Session, kind: str) -> bool:
    query = select(Fact.id).where(Fact.kind == kind, Fact.taken_at.is_(None))
    return db.scalar(query.limit(1)) is not None


def take(db: Session, kind: str, now: datetime) -> list[Fact]:
    """The next facts nobody has taken, oldest first, taken with this transaction."""
    query = select(Fact).where(Fact.kind == kind, Fact.taken_at.is_(None)).order_by(Fact.id)
    found = list(db.scalars(query.limit(SHARE).with_for_update(skip_locked=True)))
    for fact in found:
        fact.taken_at = now
    db.flush()
    return found
