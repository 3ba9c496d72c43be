"""Reading the catalogues for pages and open data: lists by kind and words, one entry by its id."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from knowledge.models import Entry, EntryState, Kind

READABLE = (EntryState.LIVE, EntryState.PAST)


def page(
    db: Session, kind: str, words: str = "", *, offset: int = 0, size: int = 20
) -> tuple[list[Entry], int]:
    """A page of the live entries of a kind, by title, and how many there are."""
    query = _matching(select(Entry), kind, words).order_by(Entry.title, Entry.id)
    total = db.scalar(_matching(select(func.count(Entry.id)), kind, words)) or 0
    return list(db.scalars(query.offset(offset).limit(size))), total


def one(db: Session, kind: str, key: str) -> Entry:
    """The entry answered with this outward id; `id~version` is one of its past. Raises NotFound."""
    key, _, version = key.partition("~")
    query = select(Entry).where(Entry.kind == kind, Entry.key == key)
    if version:
        small = version.isascii() and version.isdigit() and len(version) < 9
        number = int(version) if small else 0
        query = query.where(Entry.version == number, Entry.state.in_(READABLE))
    else:
        query = query.where(Entry.state == EntryState.LIVE)
    found = db.scalar(query)
    if found is None:
        raise NotFound("没有找到这一条，可能已经调整或取消。")
    return found


def titles(db: Session, keys: set[str]) -> dict[str, str]:
    """Title of each live entry among these outward ids; entries that ended are missing."""
    query = select(Entry.key, Entry.title).where(Entry.key.in_(keys))
    rows = db.execute(query.where(Entry.state == EntryState.LIVE))
    return {row[0]: row[1] for row in rows}


def counts(db: Session) -> dict[str, int]:
    """How many live entries each kind has."""
    query = select(Entry.kind, func.count(Entry.id)).where(Entry.state == EntryState.LIVE)
    found = {kind.value: 0 for kind in Kind}
    found.update({row[0]: row[1] for row in db.execute(query.group_by(Entry.kind))})
    return found


def _matching(query: Select[Any], kind: str, words: str) -> Select[Any]:
    query = query.where(Entry.kind == kind, Entry.state == EntryState.LIVE)
    if words.strip():
        text = words.strip()
        query = query.where(or_(Entry.title.contains(text, autoescape=True), Entry.key == text))
    return query
