"""Every catalogue is looked through once a year; a task stands in the console until it was.

营商环境条例 §25 and the plan's item 一-7: the lists are published as they stand in force.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import find
from bureau.catalogues.models import CatalogueReview
from bureau.staff import alerts, audit, roles
from bureau.staff.models import Clerk
from core.clock import day_of
from core.errors import IllegalMove, NotFound, Refusal
from knowledge.kinds import LABELS

WARNED_BEFORE = timedelta(days=30)


def any_to_open(db: Session, now: datetime) -> bool:
    """Whether a catalogue in use has no task of this year, or one that is nearly late."""
    return bool(_missing(db, now) or _late_soon(db, now))


def open_tasks(db: Session, now: datetime) -> int:
    """A task of the year for each catalogue in use; the staff are told at its start and a month
    before its end. How many were opened.
    """
    year, missing = day_of(now).year, _missing(db, now)
    for kind in missing:
        due = date(year, 12, 31)
        db.add(CatalogueReview(kind=kind, year=year, opened_at=now, due_on=due))
        words = f"{year}年{LABELS[kind]}年度核对开始，请在{due:%m月%d日}前完成。"
        alerts.put(db, f"yearly:{kind}:{year}", words, now)
    for task in _late_soon(db, now):
        words = f"{task.year}年{LABELS[task.kind]}还没有核对，{task.due_on:%m月%d日}到期。"
        alerts.put(db, f"yearly:{task.kind}:{task.year}:soon", words, now)
        task.warned_at = now
    db.flush()
    return len(missing)


def waiting(db: Session) -> list[CatalogueReview]:
    """Tasks nobody has finished, the oldest first."""
    query = select(CatalogueReview).where(CatalogueReview.done_at.is_(None))
    return list(db.scalars(query.order_by(CatalogueReview.due_on, CatalogueReview.id)))


def done(db: Session, limit: int = 8) -> list[CatalogueReview]:
    """Those finished, the newest first."""
    query = select(CatalogueReview).where(CatalogueReview.done_at.is_not(None))
    return list(db.scalars(query.order_by(CatalogueReview.done_at.desc()).limit(limit)))


def finish(db: Session, task_id: int, note: str, by: Clerk, now: datetime) -> None:
    """The catalogue was looked through: what was compared with what, and what came of it.

    Raises Refusal without these words, IllegalMove when it was finished before.
    """
    roles.require(by.role, "catalogues.review")
    task = db.get(CatalogueReview, task_id)
    if task is None:
        raise NotFound("没有这项核对。")
    if task.done_at is not None:
        raise IllegalMove("这项核对已经完成。")
    if not note.strip():
        raise Refusal("请写明对照了哪份上级目录、有哪些变动。")
    task.done_at, task.done_by, task.note = now, by.display_name, note.strip()
    audit.note(db, by, "catalogue.reviewed", f"catalogue:{task.kind}:{task.year}", now)


def _missing(db: Session, now: datetime) -> Sequence[str]:
    year = CatalogueReview.year == day_of(now).year
    known = set(db.scalars(select(CatalogueReview.kind).where(year)))
    return [kind for kind, count in find.counts(db).items() if count and kind not in known]


def _late_soon(db: Session, now: datetime) -> list[CatalogueReview]:
    soon = CatalogueReview.due_on <= day_of(now) + WARNED_BEFORE
    mine = CatalogueReview.done_at.is_(None), CatalogueReview.warned_at.is_(None), soon
    return list(db.scalars(select(CatalogueReview).where(*mine)))
