"""Tables of looking after the catalogues: ended documents, reviews that are due, the bank."""

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class EndedDocument(Base):
    """A document that is repealed or has expired: rows on it do not answer from `ended_on` on.

    origin: "clerk", "disclosure:12" or "sample". applied_at: when its rows were stopped.
    """

    __tablename__ = "ended_documents"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    how: Mapped[str] = mapped_column(String(12))  # repealed | expired
    ended_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(60))
    said_by: Mapped[str] = mapped_column(String(60))
    clerk_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)


class BasisReview(Base):
    """One row that stands on one ended document: does it still hold?

    outcome: "" open, confirmed (it still holds, two people say so), replaced (it cites the
    document no longer), gone (the row itself is no more). number: of the document.
    """

    __tablename__ = "basis_reviews"
    __table_args__ = (
        UniqueConstraint("kind", "key", "number"),
        Index("ix_basis_reviews_outcome", "outcome"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(191))
    title: Mapped[str] = mapped_column(String(500))
    number: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[str] = mapped_column(String(60), default="")
    proposer_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(String(60), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class CatalogueReview(Base):
    """The yearly look through one catalogue, done when a person says so."""

    __tablename__ = "catalogue_reviews"
    __table_args__ = (UniqueConstraint("kind", "year"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_on: Mapped[date]
    warned_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class BankQuestion(Base):
    """A question and the entries that answer it rightly: asked again before each release.

    wording: normalised, by which it is there once. origin: sample, staff or inquiry.
    """

    __tablename__ = "bank_questions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    wording: Mapped[str] = mapped_column(String(200), unique=True)
    targets: Mapped[list[str]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(16))
    added_by: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime] = mapped_column(Moment)


class DoorChange(Base):
    """Another department as one person would have it, until a second one agrees."""

    __tablename__ = "door_changes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    door_id: Mapped[int | None] = mapped_column(Id)  # None: a new one
    name: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str] = mapped_column(String(64), default="")
    words: Mapped[list[str]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    agreed: Mapped[bool | None] = mapped_column(Boolean)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
