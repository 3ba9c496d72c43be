"""SQL → engine: one statement a table, live entries and those that answer for a past time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.db import Database
from knowledge.confidence import Coefficients
from knowledge.documents import Document, bare_title, names_of, ranges_in
from knowledge.doors import DoorRow, Doors
from knowledge.engine import Engine
from knowledge.index import Index
from knowledge.known import Known
from knowledge.lexicon import Lexicon
from knowledge.matching import Matcher
from knowledge.models import Door, EntryState, EverydayName, Kind, KnowledgeVersion, LexiconRow
from knowledge.models import Entry as EntryRow
from knowledge.text import normalise
from knowledge.tokenizer import Tokenizer
from knowledge.variants import families

BODY_FIELDS = (
    "payer", "dept", "responsible_office", "conditions", "materials", "process", "faq", "note",
    "result",
    "rate_text", "formula", "collector", "answer", "themes", "target",
)  # fmt: skip
BODY_LENGTH = 700
COLUMNS = (
    EntryRow.key, EntryRow.kind, EntryRow.title, EntryRow.scope, EntryRow.source,
    EntryRow.confidence,
    EntryRow.status, EntryRow.valid_from, EntryRow.valid_to, EntryRow.fields, EntryRow.state,
    EntryRow.version, EntryRow.stopped_by,
)  # fmt: skip


def version_of(db: Session) -> int:
    """The number of the newest knowledge; 0 before the first import."""
    return db.scalar(select(KnowledgeVersion.number).where(KnowledgeVersion.id == 1)) or 0


def build_engine(database: Database, ours: Sequence[str], tokenizer: Tokenizer) -> Engine:
    """Read everything once and build the index from it. `ours`: the scopes that apply here."""
    with database.read() as db:
        version = version_of(db)
        rows = db.execute(
            select(*COLUMNS)
            .where(EntryRow.state.in_([EntryState.LIVE, EntryState.PAST]))
            .order_by(EntryRow.id)
        ).all()
        words = db.execute(
            select(LexiconRow.everyday, LexiconRow.official).where(LexiconRow.active)
        ).all()
        names = db.execute(select(EverydayName.title, EverydayName.name)).all()
        doors = db.scalars(select(Door).where(Door.active)).all()
    everyday: dict[str, list[str]] = {}
    for title, name in names:
        everyday.setdefault(normalise(title), []).append(name)
    entries = _with_charges({_id_of(row): _known(row, ours) for row in rows})
    documents = [_document(entries[_id_of(row)], everyday) for row in rows]
    index = Index(documents, tokenizer, Lexicon((a, b) for a, b in words))
    return Engine(
        version,
        index,
        Matcher(index),
        entries,
        Doors(DoorRow(d.name, d.phone, tuple(d.words)) for d in doors),
        Coefficients.load(),
        families(documents),
    )


def _with_charges(entries: dict[str, Known]) -> dict[str, Known]:
    """The entries, each guide with the fee of the catalogue that it names."""
    for key, entry in entries.items():
        charge = entries.get(str(entry.fields.get("fee_item") or ""))
        if entry.kind == Kind.GUIDE and charge and charge.kind in (Kind.FEE, Kind.FUND):
            entries[key] = replace(entry, charge=charge)
    return entries


def _id_of(row: Row[Any]) -> str:
    return row.key if row.state == EntryState.LIVE else f"{row.key}~{row.version}"


def _known(row: Row[Any], ours: Sequence[str]) -> Known:
    past = row.state == EntryState.PAST
    return Known(
        id=_id_of(row),
        kind=row.kind,
        title=row.title,
        scope=row.scope,
        source=row.source,
        confidence=row.confidence,
        status="superseded" if past else row.status,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ours=not row.scope or row.scope in ours,
        fields=row.fields,
        stopped_by=row.stopped_by,
    )


def _document(entry: Known, everyday: dict[str, list[str]]) -> Document:
    names = names_of(
        entry.title, (*everyday.get(normalise(entry.title), ()), *entry.items("similar"))
    )
    parts = [entry.text(name) for name in BODY_FIELDS if entry.fields.get(name)]
    return Document(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        names=names,
        bare=bare_title(entry.title),
        body=normalise(" ".join(parts)[:BODY_LENGTH]),
        ours=entry.ours,
        place="" if entry.ours else entry.scope,
        status=entry.status,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        spans=ranges_in(entry.title) if entry.kind in (Kind.FEE, Kind.FUND) else (),
    )
