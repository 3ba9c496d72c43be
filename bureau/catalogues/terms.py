"""Rows whose own last day has passed: they stop and wait for people as those on ended documents."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bureau.catalogues.models import BasisReview
from bureau.staff import alerts
from core.clock import day_of
from knowledge.bases import IN_FORCE, TERM, term_of
from knowledge.models import Entry, EntryState

OF_A_TERM = BasisReview.number.startswith(TERM)


def any_due(db: Session, now: datetime) -> bool:
    """Whether the last day of a row in force has passed and nobody was asked to look at it."""
    today = day_of(now)
    over = Entry.valid_to.is_not(None) & (Entry.valid_to < today)
    live = (Entry.state == EntryState.LIVE) & Entry.status.in_(IN_FORCE)
    rows = db.execute(select(Entry.kind, Entry.key, Entry.valid_to).where(live, over)).all()
    if not rows:
        return False
    asked = select(BasisReview.kind, BasisReview.key, BasisReview.number).where(OF_A_TERM)
    known = {tuple(row) for row in db.execute(asked)}
    return any((row.kind, row.key, term_of(row.valid_to, today)) not in known for row in rows)


def tell_staff(db: Session, now: datetime) -> None:
    """Tell them once of the rows that stopped just now."""
    mine = OF_A_TERM & (BasisReview.outcome == "") & (BasisReview.opened_at == now)
    query = select(func.count(), func.max(BasisReview.id)).select_from(BasisReview).where(mine)
    count, last = db.execute(query).one()
    if count:
        words = f"{count} 条答复所载期限已满，已停用，请到“依据”复核。"
        alerts.put(db, f"terms:{last}", words, now)
