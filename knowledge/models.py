"""Tables of the knowledge: entries in versions, the imports behind them, and the word lists."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Kind(StrEnum):
    """What an entry is."""

    FEE = "fee"
    FUND = "fund"
    GUIDE = "guide"
    FAQ = "faq"


class EntryState(StrEnum):
    """Where a version of an entry stands. Only live and past ones are ever answered."""

    WAITING = "waiting"  # imported, not yet released
    LIVE = "live"
    PAST = "past"  # replaced by a version with a later valid_from: answers for its own time
    WITHDRAWN = "withdrawn"


class BatchState(StrEnum):
    """Where one import stands: it is a single review item."""

    WAITING = "waiting"
    LIVE = "live"
    REJECTED = "rejected"


class Batch(Base):
    """One import of a sheet, reviewed as a whole."""

    __tablename__ = "knowledge_batch"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(16), default=BatchState.WAITING)
    replaces_all: Mapped[bool] = mapped_column(Boolean, default=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # new, changed, gone, same
    gone_keys: Mapped[list[str]] = mapped_column(JSON, default=list)  # withdrawn with the release
    reviewers: Mapped[list[str]] = mapped_column(JSON, default=list)
    review_kind: Mapped[str] = mapped_column(
        String(32), default=""
    )  # 系统外审核 | 工作台审核 | 演示样例
    # {version, asked, lost: [{text, before, after}]}: the bank asked with this import applied
    replay: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Entry(Base):
    """One version of a fee, fund, guide or FAQ; `fields` holds what its kind knows (kinds.py)."""

    __tablename__ = "knowledge_entry"
    __table_args__ = (
        UniqueConstraint("kind", "key", "version"),
        Index(
            "ux_knowledge_entry_live",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
        Index("ix_knowledge_entry_state", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(191))  # the outward id
    version: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(String(500))
    scope: Mapped[str] = mapped_column(String(64), default="")  # national, shandong …; empty: ours
    source: Mapped[str] = mapped_column(String(1000), default="")
    confidence: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[str] = mapped_column(String(16), default="current")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=EntryState.WAITING)
    batch_id: Mapped[int] = mapped_column(ForeignKey("knowledge_batch.id"), index=True)
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    # numbers of the ended documents it stands on: while there is one, it does not answer
    stopped_by: Mapped[str] = mapped_column(String(400), default="", server_default="")


class LexiconRow(Base):
    """Everyday words and the official words they stand for; staff edit it."""

    __tablename__ = "knowledge_lexicon"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    everyday: Mapped[str] = mapped_column(String(200))  # several, a space between
    official: Mapped[str] = mapped_column(String(200))  # several, a space between
    origin: Mapped[str] = mapped_column(String(64), default="seed")
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class EverydayName(Base):
    """What people call a matter: every entry whose title is `title` is found by `name` too."""

    __tablename__ = "knowledge_everyday_name"
    __table_args__ = (UniqueConstraint("title", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(64), default="seed")


class Door(Base):
    """Another department: the matters that belong to it, and where to turn."""

    __tablename__ = "knowledge_door"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    phone: Mapped[str] = mapped_column(String(64), default="")
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class KnowledgeVersion(Base):
    """One row that counts changes: every process polls it and rebuilds its index when it moved."""

    __tablename__ = "knowledge_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
