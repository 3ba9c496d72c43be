"""What a released version of a list changed, in the words of its card: 取消 2 项、降低 1 项."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bureau.catalogues.review import SAMPLES
from knowledge.models import Batch, Entry, EntryState, Kind

LISTS = (Kind.FEE, Kind.FUND)
OVER = ("abolished", "historical")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
WAYS = ("取消", "降低", "提高", "新增", "调整")
SAID = (
    "title",
    "status",
    "valid_from",
    "valid_to",
    "scope",
)  # what a card tells of, and the fields
TOLD_OF = ("rate_text", "amount", "unit", "formula", "payer", "collecting_unit", "reductions")


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is not what it was. way: of WAYS; before and after: its standard, as written."""

    way: str
    key: str
    title: str
    before: str
    after: str
    basis: str
    since: date | None


def of_batch(db: Session, batch: Batch) -> list[Change]:
    """The changes a live import of fees or funds brought; none for the first one of its kind."""
    if batch.kind not in LISTS or not _had_one(db, batch):
        return []
    rows = list(db.scalars(select(Entry).where(Entry.batch_id == batch.id).order_by(Entry.id)))
    before = _before(db, batch.kind, [*(row.key for row in rows), *batch.gone_keys])
    gone = [before[key] for key in batch.gone_keys if key in before]
    found = [_change(before.get(row.key), row) for row in rows]
    changes = [Change("取消", r.key, r.title, _rate(r), "", "", None) for r in gone if _in_force(r)]
    changes += [one for one in found if one is not None]
    return sorted(changes, key=lambda one: WAYS.index(one.way))


def in_words(changes: Sequence[Change]) -> str:
    """取消 2 项、降低 1 项"""
    counts = {way: sum(one.way == way for one in changes) for way in WAYS}
    return "、".join(f"{way} {count} 项" for way, count in counts.items() if count)


def _had_one(db: Session, batch: Batch) -> bool:
    """Whether there was a list before; one that takes the place of samples is the first."""
    earlier = (Entry.kind == batch.kind) & (Entry.batch_id < batch.id)
    query = select(Entry.id).where(earlier, Entry.released_at.is_not(None))
    if batch.replaces_all:
        query = query.join(Batch, Batch.id == Entry.batch_id).where(Batch.review_kind != SAMPLES)
    return db.scalar(query.limit(1)) is not None


def _before(db: Session, kind: str, keys: Sequence[str]) -> Mapping[str, Entry]:
    """key → the version that the live one followed; for a row that is gone, its last one."""
    found: dict[str, Entry] = {}
    for start in range(0, len(keys), 500):
        part = Entry.key.in_(keys[start : start + 500])
        old = (
            Entry.kind == kind,
            part,
            Entry.state != EntryState.LIVE,
            Entry.released_at.is_not(None),
        )
        last = select(func.max(Entry.id)).where(*old).group_by(Entry.key)
        found |= {row.key: row for row in db.scalars(select(Entry).where(Entry.id.in_(last)))}
    return found


def _change(before: Entry | None, after: Entry) -> Change | None:
    way = _way(before, after)
    if not way:
        return None
    basis = str(after.fields.get("legal_basis") or "")
    was = _rate(before) if before else ""
    return Change(way, after.key, after.title, was, _rate(after), basis, after.valid_from)


def _way(before: Entry | None, after: Entry) -> str:
    if before is None or (not _in_force(before) and _in_force(after)):
        return "新增" if _in_force(after) else ""
    if not _in_force(after):
        return "取消" if _in_force(before) else ""
    if all(_said(before, name) == _said(after, name) for name in (*SAID, *TOLD_OF)):
        return ""  # its source or a note was put right
    old, new = _amount(before), _amount(after)
    if old is None or new is None or old == new:
        return "调整"
    return "降低" if new < old else "提高"


def _said(row: Entry, name: str) -> object:
    return getattr(row, name) if name in SAID else row.fields.get(name)


def _amount(row: Entry) -> float | None:
    """The one amount of a row; None for tiers, which no machine compares."""
    given = row.fields.get("amount")
    if isinstance(given, int | float):
        return float(given)
    numbers = NUMBER.findall(str(row.fields.get("rate_text") or ""))
    return float(numbers[0]) if len(numbers) == 1 else None


def _rate(row: Entry) -> str:
    return str(row.fields.get("rate_text") or "")


def _in_force(row: Entry) -> bool:
    return row.status not in OVER
