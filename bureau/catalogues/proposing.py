"""A change of one entry as a review item of one: the same gate as a whole import."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.staff import audit
from bureau.staff.models import Clerk
from knowledge import importing
from knowledge.models import Batch, Entry, EntryState
from knowledge.rows import Draft

SAME = ("key", "title", "scope", "source", "confidence", "status", "valid_from", "valid_to")


def live(db: Session, kind: str, key: str) -> Entry | None:
    """The version of an entry that answers now."""
    mine = (Entry.kind == kind) & (Entry.key == key) & (Entry.state == EntryState.LIVE)
    return db.scalar(select(Entry).where(mine))


def draft_of(entry: Entry, *, source: str | None = None, **fields: Any) -> Draft:
    """The entry as a draft, with these fields in the place of its own."""
    said = {name: getattr(entry, name) for name in SAME}
    if source is not None:
        said["source"] = source
    return Draft(row=1, **said, fields={**entry.fields, **fields})


def propose(db: Session, kind: str, draft: Draft, name: str, by: Clerk, now: datetime) -> Batch:
    """Keep the draft as an import that waits for its reviews."""
    batch = importing.store(db, kind, [draft], file_name=name, replace=False, now=now)
    audit.note(db, by, "import.propose", f"import:{batch.id}", now, key=draft.key)
    return batch
