"""The audit: who did what to which thing when."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bureau.staff.models import Audit, Clerk


def note(
    db: Session,
    by: Clerk | None,
    action: str,
    subject: str,
    now: datetime,
    *,
    who: str = "",
    **detail: Any,
) -> Audit:
    """Add a row. `subject` like `ticket:JY26-0007-K`; without a clerk give `who` did it."""
    row = Audit(
        at=now,
        clerk_id=by.id if by else None,
        who=by.display_name if by else (who or "系统"),
        action=action,
        subject=subject,
        detail=detail,
    )
    db.add(row)
    return row


def latest(db: Session, limit: int = 100, *, subject: str | None = None) -> list[Audit]:
    """The newest rows first, of one subject or of all."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(Audit.subject == subject)
    return list(db.scalars(query))


def page(
    db: Session, words: str = "", *, offset: int = 0, size: int = 50
) -> tuple[list[Audit], int]:
    """A page of the rows whose person, action or subject holds `words`, newest first; how many."""
    query, total = select(Audit), select(func.count(Audit.id))
    if words:
        held = [
            column.contains(words, autoescape=True)
            for column in (Audit.who, Audit.action, Audit.subject)
        ]
        query, total = query.where(or_(*held)), total.where(or_(*held))
    rows = db.scalars(query.order_by(Audit.id.desc()).offset(offset).limit(size))
    return list(rows), db.scalar(total) or 0
