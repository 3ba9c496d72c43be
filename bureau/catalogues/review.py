"""Release of an import: at least two different people, bound to the hash of what they saw."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import bases, scanning
from bureau.facts import told
from bureau.release.models import Review
from core.errors import NotFound, Refusal
from knowledge import importing
from knowledge.models import Batch, BatchState, Entry

OUTSIDE = "系统外审核"
INSIDE = "工作台审核"
SAMPLES = "演示样例"
STEPS = ("first_review", "second_review", "approval")


def waiting(db: Session) -> list[Batch]:
    """Imports nobody has decided on, oldest first."""
    statement = select(Batch).where(Batch.state == BatchState.WAITING).order_by(Batch.id)
    return list(db.scalars(statement))


def one(db: Session, batch_id: int) -> Batch:
    """An import by its number. Raises NotFound."""
    batch = db.get(Batch, batch_id)
    if batch is None:
        raise NotFound("没有这次导入")
    return batch


def exists(db: Session, batch_id: int) -> bool:
    """False for samples that were cleared."""
    return db.get(Batch, batch_id) is not None


def entries_of(db: Session, batch: Batch, limit: int = 200) -> list[Entry]:
    """The first entries of an import, in the order of the file."""
    statement = select(Entry).where(Entry.batch_id == batch.id).order_by(Entry.id).limit(limit)
    return list(db.scalars(statement))


def checked_names(names: Sequence[str]) -> list[str]:
    """The reviewers' names, each once. Raises Refusal for fewer than two different people."""
    people = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(people) < 2:
        raise Refusal("审核至少要两个不同的人，例如 --review 张三,李四,王五")
    return people


def release(
    db: Session, batch: Batch, names: Sequence[str], review_kind: str, now: datetime
) -> None:
    """Make an import live and keep who released it, for ever.

    Raises Refusal for fewer than two people or for what the scan finds in it, IllegalMove when it
    was decided before.
    """
    people = checked_names(names)
    make_live(db, batch, people, review_kind, now)
    for step, name in zip(STEPS, _three(people), strict=False):
        db.add(
            Review(
                subject=subject_of(batch),
                step=step,
                content_hash=batch.content_hash,
                reviewer=name,
                clerk_id=None,
                external=review_kind == OUTSIDE,
                passed=True,
                note=review_kind,
                at=now,
            )
        )


def make_live(
    db: Session, batch: Batch, people: list[str], review_kind: str, now: datetime
) -> None:
    """The import answers from now on, but for rows on documents that have ended; others are told.

    Raises Refusal for what the scan finds in it, IllegalMove when it was decided before.
    """
    scanning.require_clean(db, batch)
    importing.release(db, batch, people, review_kind, now)
    bases.settle(db, now)
    told.tell(db, told.KNOWLEDGE_LIVE, subject_of(batch), now)


def subject_of(batch: Batch) -> str:
    """The name reviews know an import by."""
    return f"import:{batch.id}"


def _three(people: list[str]) -> list[str]:
    """Drafted, reviewed, approved: with two names the second one did both reviews."""
    return people[:3] if len(people) > 2 else [*people, people[-1]]
