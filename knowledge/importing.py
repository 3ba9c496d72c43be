"""Drafts → versions in the database: what is new, changed and gone; release of a whole import."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from core.errors import IllegalMove
from knowledge.models import Batch, BatchState, Entry, EntryState, KnowledgeVersion
from knowledge.rows import Draft

SLICE = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would do to the live entries of its kind."""

    new: tuple[Draft, ...]
    changed: tuple[Draft, ...]
    same: int
    gone: tuple[str, ...]  # live keys that the file no longer has

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "same": self.same,
            "gone": len(self.gone),
        }


def difference(db: Session, kind: str, drafts: Sequence[Draft]) -> Difference:
    """Compare drafts with the live entries of a kind, in one statement."""
    statement = select(Entry.key, Entry.content_hash).where(
        Entry.kind == kind, Entry.state == EntryState.LIVE
    )
    live = {row[0]: row[1] for row in db.execute(statement)}
    new = tuple(d for d in drafts if d.key not in live)
    known = [d for d in drafts if d.key in live]
    changed = tuple(d for d in known if d.content_hash != live[d.key])
    gone = tuple(sorted(live.keys() - {d.key for d in drafts}))
    return Difference(new, changed, len(known) - len(changed), gone)


def store(
    db: Session,
    kind: str,
    drafts: Sequence[Draft],
    *,
    file_name: str,
    replace: bool,
    now: datetime,
) -> Batch:
    """Keep an import as one waiting review item. Entries that did not change are not kept again."""
    what = difference(db, kind, drafts)
    batch = Batch(
        kind=kind,
        file_name=file_name[:255],
        state=BatchState.WAITING,
        replaces_all=replace,
        content_hash=_hash_of(drafts),
        counts=what.counts,
        gone_keys=list(what.gone) if replace else [],
        reviewers=[],
        review_kind="",
        imported_at=now,
    )
    db.add(batch)
    db.flush()
    versions = _last_versions(db, kind)
    rows = [
        _row(kind, draft, versions.get(draft.key, 0) + 1, batch.id)
        for draft in (*what.new, *what.changed)
    ]
    for part in _slices(rows):
        db.execute(insert(Entry), part)
    return batch


def release(
    db: Session, batch: Batch, reviewers: list[str], review_kind: str, now: datetime
) -> None:
    """Make a waiting import live, as a whole. Raises IllegalMove when it is not waiting."""
    if batch.state != BatchState.WAITING:
        raise IllegalMove("这次导入已经处理过了")
    entries = db.execute(
        select(Entry.id, Entry.key, Entry.valid_from).where(Entry.batch_id == batch.id)
    ).all()
    live = {
        key: (entry_id, since)
        for entry_id, key, since in db.execute(
            select(Entry.id, Entry.key, Entry.valid_from).where(
                Entry.kind == batch.kind, Entry.state == EntryState.LIVE
            )
        )
    }
    past: list[int] = []
    out = [live[key][0] for key in batch.gone_keys if key in live]
    for _, key, since in entries:
        if key in live:
            before, old_since = live[key]
            later = since is not None and (old_since is None or since > old_since)
            (past if later else out).append(before)
    _set_state(db, past, EntryState.PAST)
    _set_state(db, out, EntryState.WITHDRAWN)
    db.execute(
        update(Entry)
        .where(Entry.batch_id == batch.id)
        .values(state=EntryState.LIVE, released_at=now)
    )
    batch.state, batch.decided_at = BatchState.LIVE, now
    batch.reviewers, batch.review_kind = reviewers, review_kind
    touch(db, now)


def reject(db: Session, batch: Batch, reviewers: list[str], now: datetime) -> None:
    """Turn a waiting import away. Raises IllegalMove when it is not waiting."""
    if batch.state != BatchState.WAITING:
        raise IllegalMove("这次导入已经处理过了")
    db.execute(update(Entry).where(Entry.batch_id == batch.id).values(state=EntryState.WITHDRAWN))
    batch.state, batch.decided_at, batch.reviewers = BatchState.REJECTED, now, reviewers


def touch(db: Session, now: datetime) -> int:
    """Count one more change of the knowledge, so that every process rebuilds; the new number."""
    row = db.get(KnowledgeVersion, 1)
    if row is None:
        row = KnowledgeVersion(id=1, number=0, changed_at=now)
        db.add(row)
    row.number += 1
    row.changed_at = now
    db.flush()
    return row.number


def _last_versions(db: Session, kind: str) -> dict[str, int]:
    statement = select(Entry.key, func.max(Entry.version)).where(Entry.kind == kind)
    return {row[0]: row[1] for row in db.execute(statement.group_by(Entry.key))}


def _row(kind: str, draft: Draft, version: int, batch_id: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": draft.key,
        "version": version,
        "title": draft.title,
        "scope": draft.scope,
        "source": draft.source,
        "confidence": draft.confidence,
        "status": draft.status,
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
        "fields": draft.fields,
        "content_hash": draft.content_hash,
        "state": EntryState.WAITING,
        "batch_id": batch_id,
    }


def _hash_of(drafts: Iterable[Draft]) -> str:
    text = "\n".join(f"{draft.key} {draft.content_hash}" for draft in drafts)
    return hashlib.sha256(text.encode()).hexdigest()


def _set_state(db: Session, ids: list[int], state: EntryState) -> None:
    for part in _slices(ids):
        db.execute(update(Entry).where(Entry.id.in_(part)).values(state=state))


def _slices(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[i : i + SLICE] for i in range(0, len(rows), SLICE))
