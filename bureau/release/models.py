"""Who reviewed what, bound to the hash of exactly that content."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Review(Base):
    """One step of 初审 → 复审(保密) → 批准 over one content; an edit makes it void by its hash.

    subject: "disclosure:12", "import:3"; step: first_review | second_review | approval |
    override. external: made outside the system (系统外审核), shown for ever.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_subject", "subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    step: Mapped[str] = mapped_column(String(16))
    content_hash: Mapped[str] = mapped_column(String(64))
    reviewer: Mapped[str] = mapped_column(String(60))
    clerk_id: Mapped[int | None]
    external: Mapped[bool] = mapped_column(default=False)
    passed: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)


class Clearance(Base):
    """A finding of the scan that a person cleared, with a reason, for exactly this content."""

    __tablename__ = "scan_clearances"
    __table_args__ = (Index("ix_scan_clearances_subject", "subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    content_hash: Mapped[str] = mapped_column(String(64))
    finding: Mapped[dict[str, Any]] = mapped_column(JSON)
    cleared_by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class Word(Base):
    """A banned or error-prone word; staff edit the list. `better`: what to write instead."""

    __tablename__ = "release_words"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    word: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(12))  # banned | error_prone | secret
    better: Mapped[str] = mapped_column(String(60), default="")
