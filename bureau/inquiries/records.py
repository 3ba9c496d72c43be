"""Keeping inquiries, and what people thought of the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from bureau.inquiries.models import Inquiry
from core.clock import from_timestamp
from core.privacy import mask
from core.unseen import without_unseen
from knowledge.text import normalise

LONGEST = 600  # characters of a question that are kept
HITS_KEPT = 10
JUDGED_WITHIN = timedelta(minutes=30)  # as long as a dialog lives
PAGE = 50
LONGEST_USEFUL = 200
OUTCOMES = ("answer", "choose", "unknown")


@dataclass(frozen=True, slots=True)
class Useful:
    """A question and the entry that answered it to the person's content."""

    text: str
    key: str


def keep(db: Session, rows: Iterable[Mapping[str, Any]], _now: datetime | None = None) -> int:
    """Keep what was asked; the number of new rows. A row kept before is left as it is.

    rows: {"origin", "openid", "text", "outcome", "hits", "slot", "at"} and, where known,
    "picked", "channel"; `at` in Unix seconds. Numbers of persons in `text` are masked here,
    whoever masked them before. Raises KeyError or ValueError for a row that is none.
    """
    new = {row["origin"]: _row(row) for row in rows}
    known = set(db.scalars(select(Inquiry.origin).where(Inquiry.origin.in_(new))))
    fresh = [row for origin, row in new.items() if origin not in known]
    if fresh:
        db.execute(insert(Inquiry), fresh)
    return len(fresh)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    text = mask(without_unseen(str(row["text"])))[:LONGEST]
    outcome = str(row["outcome"])
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome[:20]}")
    return {
        "origin": str(row["origin"]),
        "channel": str(row.get("channel") or "chat"),
        "openid": row.get("openid") or None,
        "text": text,
        "wording": (normalise(text) or text)[:200],
        "outcome": outcome,
        "hits": list(row.get("hits") or ())[:HITS_KEPT],
        "slot": str(row.get("slot") or "")[:20],
        "picked": row.get("picked"),
        "asked_at": from_timestamp(int(row["at"])),
    }


def judge(db: Session, rows: Iterable[Mapping[str, Any]], _now: datetime) -> None:
    """What people said of answers. rows: {"openid", "useful", "at"}, `at` in Unix seconds."""
    for row in rows:
        said_at = from_timestamp(int(row["at"]))
        mark_useful(db, str(row["openid"]), bool(row["useful"]), said_at)


def mark_useful(db: Session, openid: str, useful: bool, now: datetime) -> bool:
    """The person says whether the last answer was right; False when there is none to judge."""
    inquiry = _last(db, openid, now)
    if inquiry is not None:
        inquiry.useful = useful
    return inquiry is not None


def mark_picked(db: Session, openid: str, entry_id: str, now: datetime) -> bool:
    """The person chose this entry from the list last shown; False when there is none."""
    inquiry = _last(db, openid, now)
    if inquiry is not None:
        inquiry.picked = entry_id[:120]
    return inquiry is not None


def _last(db: Session, openid: str, now: datetime) -> Inquiry | None:
    question = select(Inquiry).where(Inquiry.openid == openid)
    recent = question.where(Inquiry.asked_at >= now - JUDGED_WITHIN, Inquiry.asked_at <= now)
    return db.scalars(recent.order_by(Inquiry.asked_at.desc(), Inquiry.id.desc()).limit(1)).first()


def judged_useful(db: Session, limit: int = 20) -> list[Useful]:
    """Questions whose answer people called right or picked themselves; the newest of like ones."""
    by_person = or_(Inquiry.useful.is_(True), Inquiry.picked.is_not(None))
    good = (Inquiry.outcome == "answer") & by_person & Inquiry.useful.is_not(False)
    newest = select(func.max(Inquiry.id)).where(good).group_by(Inquiry.wording)
    rows = db.scalars(
        select(Inquiry).where(Inquiry.id.in_(newest)).order_by(Inquiry.id.desc()).limit(limit)
    )
    found = [(row.text, row.picked or (row.hits[0]["id"] if row.hits else "")) for row in rows]
    return [Useful(text, key) for text, key in found if key and len(text) <= LONGEST_USEFUL]


def recent(db: Session, page: int = 1, size: int = PAGE) -> tuple[list[Inquiry], int]:
    """A page of inquiries, newest first, and how many there are in all."""
    newest = select(Inquiry).order_by(Inquiry.asked_at.desc(), Inquiry.id.desc())
    found = db.scalars(newest.limit(size).offset((max(page, 1) - 1) * size))
    return list(found), db.scalar(select(func.count()).select_from(Inquiry)) or 0
