"""Findings that a reviewer looked at and found in order: kept with name and reason."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.release.models import Clearance
from bureau.release.scan import STOP, Finding
from core.errors import Refusal

NEVER = ("identity", "secret")  # masked or taken out, whoever looked at it
SHORTEST_REASON = 4


def clear(
    db: Session,
    subject: str,
    content_hash: str,
    finding: Finding,
    reason: str,
    by: str,
    now: datetime,
) -> Clearance:
    """Let one finding of exactly this content pass. Raises Refusal for what nobody may clear."""
    if finding.kind in NEVER:
        raise Refusal(f"{finding.label}不能核销，请删去或隐去。")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal("请写明核销的理由，例如“本局缴款账户”。")
    row = Clearance(
        subject=subject,
        content_hash=content_hash,
        finding=finding.to_json(),
        cleared_by=by,
        reason=reason.strip(),
        at=now,
    )
    db.add(row)
    db.flush()
    return row


def cleared(db: Session, subject: str, content_hash: str) -> list[Clearance]:
    """What was cleared of exactly this content."""
    mine = (Clearance.subject == subject) & (Clearance.content_hash == content_hash)
    return list(db.scalars(select(Clearance).where(mine).order_by(Clearance.id)))


def open_stops(
    db: Session, subject: str, content_hash: str, findings: Iterable[Finding]
) -> list[Finding]:
    """Findings that still stop exactly this content."""
    passed = [row.finding for row in cleared(db, subject, content_hash)]
    return [one for one in findings if one.level == STOP and one.to_json() not in passed]
