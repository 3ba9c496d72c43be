"""What would be answered after a change: the real release on a copy, an engine built from it.

Nothing is locked meanwhile and nothing of the house is touched; the copy is gone afterwards.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import Table, insert, or_, select
from sqlalchemy.orm import Session

from core.db import Base, Database
from knowledge.engine import Engine
from knowledge.importing import SLICE
from knowledge.loading import build_engine
from knowledge.models import (
    Batch,
    Door,
    Entry,
    EntryState,
    EverydayName,
    KnowledgeVersion,
    LexiconRow,
)
from knowledge.tokenizer import Tokenizer

Change = Callable[[Session], object]
WHOLE = (Batch, LexiconRow, EverydayName, Door, KnowledgeVersion)


def engine_after(
    database: Database, ours: Sequence[str], tokenizer: Tokenizer, change: Change
) -> Engine:
    """The engine as it would be had `change` been made. `ours`: the scopes that apply here."""
    with TemporaryDirectory(prefix="yg-aside-") as folder:
        copy = Database(f"sqlite:///{Path(folder) / 'aside.db'}", pool_size=1)
        try:
            _make_tables(copy)
            with database.read() as source, copy.write() as db:
                _copy(source, db)
                change(db)
            return build_engine(copy, ours, tokenizer)
        finally:
            copy.close()


def _make_tables(copy: Database) -> None:
    tables = [cast("Table", model.__table__) for model in (*WHOLE, Entry)]
    Base.metadata.create_all(copy.engine, tables=tables)


def _copy(source: Session, db: Session) -> None:
    """Everything that answers or waits to; what was withdrawn stays behind."""
    for model in WHOLE:
        _rows(source, db, select(model.__table__))
    alive = (EntryState.LIVE, EntryState.PAST, EntryState.WAITING)
    entries = Entry.__table__
    _rows(source, db, select(entries).where(or_(*(entries.c.state == one for one in alive))))


def _rows(source: Session, db: Session, query: Any) -> None:
    table = query.get_final_froms()[0]
    for part in source.execute(query).mappings().partitions(SLICE):
        db.execute(insert(table), [dict(row) for row in part])
