"""push → segment → delivery, and the ledgers that say which routes are open to whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.outbound.notice import Notice
from bot.outbound.states import DeliveryState, PushState, SegmentState
from core.db import Base, Id, Moment

OPENID = String(64)


class Push(Base):
    """One notice to an audience: a topic's followers, or one person."""

    __tablename__ = "pushes"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    notice_json: Mapped[dict[str, Any]] = mapped_column(JSON)
    topic: Mapped[str | None] = mapped_column(String(40))
    openid: Mapped[str | None] = mapped_column(OPENID, index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    origin_key: Mapped[str] = mapped_column(String(120), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("pushes.id"))
    state: Mapped[str] = mapped_column(String(12), default=PushState.PLANNED, index=True)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    scheduled_at: Mapped[datetime | None] = mapped_column(Moment)
    audience: Mapped[int] = mapped_column(default=0)
    planned_to: Mapped[str] = mapped_column(OPENID, default="")
    planned_at: Mapped[datetime | None] = mapped_column(Moment)
    gaps_filled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    moved_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def notice(self) -> Notice:
        return Notice.from_json(self.notice_json)


class Segment(Base):
    """Up to 1 000 deliveries that one worker holds at a time, by lease (wall clock)."""

    __tablename__ = "push_segments"
    __table_args__ = (Index("ix_push_segments_push_id_state", "push_id", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    push_id: Mapped[int] = mapped_column(ForeignKey("pushes.id"))
    state: Mapped[str] = mapped_column(String(8), default=SegmentState.OPEN)
    holder: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    not_before: Mapped[datetime | None] = mapped_column(Moment)


class Delivery(Base):
    """A push to one person: exactly one row, and one named outcome."""

    __tablename__ = "push_deliveries"
    __table_args__ = (
        UniqueConstraint("push_id", "openid"),
        Index("ix_push_deliveries_counts", "segment_id", "state", "delivered_at"),
        Index("ix_push_deliveries_person", "openid", "state"),
        Index(
            "ix_push_deliveries_msg_id",
            "msg_id",
            sqlite_where=text("msg_id IS NOT NULL"),
            postgresql_where=text("msg_id IS NOT NULL"),
        ),
        Index(
            "ix_push_deliveries_claimed_until",
            "claimed_until",
            sqlite_where=text("claimed_until IS NOT NULL"),
            postgresql_where=text("claimed_until IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    push_id: Mapped[int] = mapped_column(BigInteger)
    segment_id: Mapped[int] = mapped_column(ForeignKey("push_segments.id"))
    openid: Mapped[str] = mapped_column(OPENID)
    state: Mapped[str] = mapped_column(String(12), default=DeliveryState.PENDING)
    route: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    ask_at: Mapped[datetime | None] = mapped_column(Moment)
    ask_again_until: Mapped[datetime | None] = mapped_column(Moment)
    msg_id: Mapped[int | None] = mapped_column(BigInteger)
    code: Mapped[int | None]
    rid: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    receipt: Mapped[str | None] = mapped_column(String(40))


class MassBatch(Base):
    """One mass call under one clientmsgid (at most 32 characters).

    target: `list` (mass/send, up to 10 000 people), or of sendall `tag:101` or `all`. reach: how
    many carried the tag, or followed the account, as far as we knew when sendall was called.
    """

    __tablename__ = "push_mass_batches"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    push_id: Mapped[int] = mapped_column(ForeignKey("pushes.id"), index=True)
    clientmsgid: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(20), default="list", server_default="list")
    size: Mapped[int]
    reach: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    msg_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    code: Mapped[int | None]
    rid: Mapped[str | None] = mapped_column(String(40))
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Window(Base):
    """Until when, and how many times, 客服消息 may be sent to a person."""

    __tablename__ = "kefu_windows"

    openid: Mapped[str] = mapped_column(OPENID, primary_key=True)
    kefu_until: Mapped[datetime] = mapped_column(Moment)
    kefu_left: Mapped[int]
    trigger: Mapped[str] = mapped_column(String(16))
    seen_at: Mapped[datetime] = mapped_column(Moment)


class Consent(Base):
    """A person's agreement to one notice template: long-term, or credits of one send each."""

    __tablename__ = "notice_consents"

    openid: Mapped[str] = mapped_column(OPENID, primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # long | once
    credits: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class MassLedger(Base):
    """Mass messages a person has had in a calendar month (WeChat: at most four)."""

    __tablename__ = "mass_ledger"

    openid: Mapped[str] = mapped_column(OPENID, primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2026-11
    count: Mapped[int]


class Brake(Base):
    """An API that must rest: until a moment, or until a person lets it go (until NULL)."""

    __tablename__ = "api_brakes"

    call: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime | None] = mapped_column(Moment)
    code: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    rid: Mapped[str] = mapped_column(String(40), default="")
    since: Mapped[datetime] = mapped_column(Moment)


class RouteConfirmation(Base):
    """The bureau has confirmed that disclosures may go by this route."""

    __tablename__ = "route_confirmations"

    route: Mapped[str] = mapped_column(String(16), primary_key=True)
    confirmed_by: Mapped[str] = mapped_column(String(60))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)


class NoticeTemplate(Base):
    """A notice template of the account as WeChat lists it: one-time or long-term, its fields."""

    __tablename__ = "notice_templates"

    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # long | once
    title: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    read_at: Mapped[datetime] = mapped_column(Moment)


class SeenReceipt(Base):
    """Receipts and consent events already taken in; one that came before its row waits here."""

    __tablename__ = "push_receipts"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    openid: Mapped[str] = mapped_column(OPENID, default="", index=True)
    msg_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    status: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    settled: Mapped[bool] = mapped_column(default=False)
