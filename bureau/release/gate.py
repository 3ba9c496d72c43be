"""The gate: reviews of exactly this content, by at least two different people."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.release.models import Review, Word
from bureau.release.scan import Words
from core.errors import Refusal

DRAFTED, FIRST, SECOND, APPROVAL = "drafted", "first_review", "second_review", "approval"
OVERRIDE = "override"
STEP_LABELS: Mapping[str, str] = {
    DRAFTED: "拟稿",
    FIRST: "初审",
    SECOND: "保密复审",
    APPROVAL: "批准",
    OVERRIDE: "紧急发布",
}
NEEDED = (FIRST, SECOND, APPROVAL)
LEAST_PEOPLE = 2
OUTSIDE = "系统外审核"


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one fixed spelling; any edit changes it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def record_outside(
    db: Session, subject: str, content_hash: str, people: Mapping[str, str], now: datetime
) -> None:
    """Keep a review made outside the system: step → name. Raises Refusal for fewer than two."""
    require_two(people.values())
    for step, name in people.items():
        db.add(_review(subject, step, content_hash, name.strip(), now, external=True, note=OUTSIDE))
    db.flush()


def require_two(names: Any) -> None:
    """Raises Refusal unless at least two different people are named."""
    if len({name.strip() for name in names if name.strip()}) < LEAST_PEOPLE:
        raise Refusal("审核至少要两个不同的人")


def sign(
    db: Session,
    subject: str,
    step: str,
    content_hash: str,
    reviewer: str,
    now: datetime,
    *,
    clerk_id: int | None = None,
    passed: bool = True,
    note: str = "",
) -> Review:
    """One person's decision on one step of exactly this content."""
    review = _review(subject, step, content_hash, reviewer, now, external=False, note=note)
    review.clerk_id, review.passed = clerk_id, passed
    db.add(review)
    db.flush()
    return review


def reviews_of(db: Session, subject: str) -> list[Review]:
    """All decisions on all versions, oldest first: they are shown for ever."""
    statement = select(Review).where(Review.subject == subject)
    return list(db.scalars(statement.order_by(Review.id)))


def valid(db: Session, subject: str, content_hash: str) -> dict[str, Review]:
    """step → the last decision on exactly this content, when it passed."""
    last = {r.step: r for r in reviews_of(db, subject) if r.content_hash == content_hash}
    return {step: review for step, review in last.items() if review.passed}


def missing_steps(db: Session, subject: str, content_hash: str) -> list[str]:
    """Steps not yet taken; empty when the content may go out.

    One person alone cannot release: with all steps by the same hand 批准 is still missing.
    """
    done = valid(db, subject, content_hash)
    if OVERRIDE in done:
        return []
    missing = [step for step in NEEDED if step not in done]
    people = {done[step].reviewer for step in NEEDED if step in done}
    if not missing and len(people) < LEAST_PEOPLE:
        return [APPROVAL]
    return missing


def carry(db: Session, source: str, to: str, content_hash: str) -> None:
    """The reviews of exactly this content hold under another name too."""
    for step, found in valid(db, source, content_hash).items():
        copied = _review(
            to, step, content_hash, found.reviewer, found.at,
            external=found.external, note=found.note,
        )  # fmt: skip
        copied.clerk_id = found.clerk_id
        db.add(copied)
    db.flush()


def words_of(db: Session) -> Words:
    """The staff's lists of words."""
    rows = list(db.scalars(select(Word)))
    banned = tuple(row.word for row in rows if row.kind == "banned")
    return Words(banned, {row.word: row.better for row in rows if row.kind == "error_prone"})


def _review(
    subject: str,
    step: str,
    content_hash: str,
    name: str,
    now: datetime,
    *,
    external: bool,
    note: str,
) -> Review:
    return Review(
        subject=subject,
        step=step,
        content_hash=content_hash,
        reviewer=name,
        clerk_id=None,
        external=external,
        passed=True,
        note=note,
        at=now,
    )
