"""A disclosure, its versions and its attachments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Disclosure(Base):
    """Anything published. `published_at` is set by the system once and never changed."""

    __tablename__ = "disclosures"
    __table_args__ = (Index("ix_disclosures_state_published_at", "state", "published_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    index_number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    topic: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    produced_on: Mapped[date]
    source_url: Mapped[str] = mapped_column(String(500), default="")
    office: Mapped[str] = mapped_column(String(60), default="办公室")
    attribute: Mapped[str] = mapped_column(String(12), default="proactive")
    attribute_reason: Mapped[str] = mapped_column(Text, default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)  # SHA-256 of attachments
    state: Mapped[str] = mapped_column(String(16), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    drafted_by: Mapped[str] = mapped_column(String(60), default="")
    origin_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    explains_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("disclosures.id"))
    push_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    publish_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    sample: Mapped[bool] = mapped_column(default=False)


class Digest(Base):
    """One person's digest of one day (2026-03-02) or week (2026-W10): there is only one."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("openid", "period"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    openid: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(10))
    push_id: Mapped[int | None] = mapped_column(ForeignKey("pushes.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Version(Base):
    """What a disclosure said at one time; kept for ever."""

    __tablename__ = "disclosure_versions"
    __table_args__ = (UniqueConstraint("disclosure_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)


class Attachment(Base):
    """A file of a disclosure: type, size and content checked, never executed, hash kept."""

    __tablename__ = "disclosure_attachments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, deferred=True)
    at: Mapped[datetime] = mapped_column(Moment)
