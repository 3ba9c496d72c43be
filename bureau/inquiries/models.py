"""The table of inquiries: one row a question, masked, tied to a person only while needed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Moment


class Inquiry(Base):
    """A question and its outcome: answer, choose or unknown.

    origin: the key under which it was told, so that it is kept once. wording: the normalised
    question, by which like ones are grouped. picked: the entry chosen from a list shown. useful:
    what the person said of the answer (答得不对 is False). settled_at: staff gave it an answer.
    """

    __tablename__ = "inquiries"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    origin: Mapped[str] = mapped_column(String(80), unique=True)
    channel: Mapped[str] = mapped_column(String(12), default="chat")  # chat h5
    openid: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(12))
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    slot: Mapped[str] = mapped_column(String(20), default="")
    picked: Mapped[str | None] = mapped_column(String(120))
    useful: Mapped[bool | None]
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_inquiries_person", "openid", "asked_at"),
        Index("ix_inquiries_open", "outcome", "settled_at", "wording"),
    )


class ClusterAnswer(Base):
    """Like questions that staff are answering: those who asked are told when it goes live.

    subject: what answers them, `import:12` or `lexicon:5`. told: how many people were.
    """

    __tablename__ = "cluster_answers"
    __table_args__ = (UniqueConstraint("subject", "wording"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    wording: Mapped[str] = mapped_column(String(200))
    sample: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    live_at: Mapped[datetime | None] = mapped_column(Moment)
    told: Mapped[int] = mapped_column(default=0)
