"""The status of a push for pages and jobs: the light command's statements, over a session."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.outbound import status
from bot.outbound.models import Push
from core.errors import NotFound


def of(db: Session, push_id: int) -> Mapping[str, Any]:
    """As `flask push status --json`. Raises NotFound."""
    values = {"push_id": push_id}
    push = db.execute(text(status.PUSH_SQL), values).first()
    if push is None:
        raise NotFound(f"没有编号为 {push_id} 的推送")
    counts = db.execute(text(status.COUNT_SQL), values).all()
    reasons = db.execute(text(status.REASON_SQL), values).all()
    delivered = db.scalar(text(status.DELIVERED_SQL), values) or 0
    return status.compose(
        tuple(push), [tuple(r) for r in counts], [tuple(r) for r in reasons], delivered
    )


def recent(db: Session, purpose: str, *, offset: int = 0, size: int = 20) -> tuple[list[Push], int]:
    """A page of the pushes of a purpose, newest first, and how many there are."""
    query = select(Push).where(Push.purpose == purpose).order_by(Push.id.desc())
    total = db.scalar(select(func.count(Push.id)).where(Push.purpose == purpose)) or 0
    return list(db.scalars(query.offset(offset).limit(size))), total
