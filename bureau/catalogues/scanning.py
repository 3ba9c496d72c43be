"""The scan of an import: a row with a finding is a bad row, and no import goes live with one."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.release import gate, scan
from bureau.release.scan import Finding, Words
from core.errors import Refusal
from knowledge.kinds import COLUMNS
from knowledge.models import Batch, Entry
from knowledge.rows import Draft, Problem

SHOWN = 10
HEADINGS = {column.key: column.headings[0] for columns in COLUMNS.values() for column in columns}


def sorted_out(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Problem]]:
    """Drafts that may go out, and a problem for each finding in the others."""
    good, problems = [], []
    for draft in drafts:
        found = findings(draft.title, draft.source, draft.fields)
        problems += [
            Problem(draft.row, one.field, f"含有{one.label}，不能公开", one.shown) for one in found
        ]
        if not found:
            good.append(draft)
    return good, problems


def require_clean(db: Session, batch: Batch) -> None:
    """Raises Refusal naming the first findings of an import, words that staff keep included."""
    words = gate.words_of(db)
    mine = select(Entry).where(Entry.batch_id == batch.id).order_by(Entry.id)
    lines = [
        f"“{entry.title}”的“{one.field}”有{one.label}“{one.shown}”"
        for entry in db.scalars(mine)
        for one in findings(entry.title, entry.source, entry.fields, words)
    ]
    if lines:
        more = f"……共 {len(lines)} 处" if len(lines) > SHOWN else ""
        raise Refusal("检查发现：" + "；".join(lines[:SHOWN]) + more + "。请改好文件后重新导入。")


def findings(
    title: str, source: str, fields: Mapping[str, Any], words: Words | None = None
) -> list[Finding]:
    """What stops one entry, by the heading it stands under."""
    said = {"name": title, "source": source, **fields}
    texts = {HEADINGS.get(key, key): _flat(value) for key, value in said.items()}
    if not scan.stops(scan.scan({"": "\n".join(texts.values())}, words=words)):
        return []  # nearly always: one look at all of it is cheaper than one at each
    return scan.stops(scan.scan(texts, words=words))


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(map(_flat, value.values()))
    if isinstance(value, list | tuple):
        return "\n".join(map(_flat, value))
    return "" if value is None else str(value)
