"""Tables that grow beside a ticket: events in a hash chain, replies, requests, notes, ratings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class TicketEvent(Base):
    """Who did what to a ticket when. Only ever added; `link` chains it to the one before.

    `digest` is over salt + content: with the salt and the content deleted, the chain stays whole.
    """

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    position: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    who: Mapped[str] = mapped_column(String(60))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    action: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    link: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("ticket_id", "position"),)


class ChainSeal(Base):
    """A day's seal: one digest over the newest link of every ticket that moved that day."""

    __tablename__ = "ticket_chain_seals"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    events: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(Moment)


class TicketReply(Base):
    """One version of an answer. Released text is never changed: a correction is a new row."""

    __tablename__ = "ticket_replies"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    interim: Mapped[bool] = mapped_column(Boolean, default=False)
    public: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(10))  # in_review sent refused
    text: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    push_id: Mapped[int | None] = mapped_column(Id)
    refusal: Mapped[str] = mapped_column(Text, default="")
    answer_type: Mapped[str] = mapped_column(String(20), default="")  # of requests: ANSWER_TYPES


class TicketAsk(Base):
    """An office asks (extension, return) and somebody decides, each with a reason."""

    __tablename__ = "ticket_asks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # extension return escalation
    days: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    granted: Mapped[bool | None] = mapped_column(Boolean)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_asks_undecided", "kind", "granted"),)


class TicketNote(Base):
    """A note among staff, never shown outside."""

    __tablename__ = "ticket_notes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


class TicketAssist(Base):
    """An office that helps (协办) beside the leading one (主办)."""

    __tablename__ = "ticket_assists"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)


class TicketRating(Base):
    """The citizen's grade of one round, 1 非常满意 to 5 非常不满意, with the reason he gave."""

    __tablename__ = "ticket_ratings"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    round: Mapped[int] = mapped_column(Integer)
    grade: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("ticket_id", "round"),)


class TicketProgress(Base):
    """A step of an adopted suggestion on its way to being done; the author is told of each."""

    __tablename__ = "ticket_progress"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    push_id: Mapped[int | None] = mapped_column(Id)


class TicketPublication(Base):
    """A ticket made public: masked words, prepared by one and approved by another."""

    __tablename__ = "ticket_publications"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))  # in_review public refused withdrawn
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("clerks.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("clerks.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
