"""Tables of the tickets themselves: drafts, tickets, their clocks, pictures and counters."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bureau.feedback.kinds import KINDS
from bureau.feedback.states import LABELS, State
from bureau.staff.models import StaffOffice
from core.db import Base, Id, Moment


class SerialCounter(Base):
    """The last serial given in a kind and year; the row lock makes the series gapless."""

    __tablename__ = "ticket_serials"

    prefix: Mapped[str] = mapped_column(String(2), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(Integer, default=0)


class Draft(Base):
    """What a person is writing: kept from the first message on. At most one open per person."""

    __tablename__ = "ticket_drafts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="open")  # open submitted discarded
    step: Mapped[str] = mapped_column(String(12), default="text")  # text confirm place name phone
    place: Mapped[str] = mapped_column(String(120), default="")
    name_sealed: Mapped[str] = mapped_column(Text, default="")
    phone_sealed: Mapped[str] = mapped_column(Text, default="")
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    may_publish: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment, index=True)

    parts: Mapped[list["DraftPart"]] = relationship(order_by="DraftPart.id", lazy="selectin")

    __table_args__ = (
        Index(
            "ix_one_open_draft",
            "openid",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    @property
    def text(self) -> str:
        """The messages so far, one a line."""
        return "\n".join(part.text for part in self.parts if part.text)


class DraftPart(Base):
    """One message of a draft; the message's key keeps a repeat from being added twice."""

    __tablename__ = "ticket_draft_parts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("ticket_drafts.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    message_key: Mapped[str] = mapped_column(String(160), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Ticket(Base):
    """A citizen's suggestion, letter, question, complaint or request on its way to a reply."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12), default=State.RECEIVED.value)
    origin: Mapped[str] = mapped_column(String(10))  # chat h5 sample
    openid: Mapped[str | None] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(120), default="")
    name_sealed: Mapped[str] = mapped_column(Text, default="")
    phone_sealed: Mapped[str] = mapped_column(Text, default="")
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    may_publish: Mapped[bool] = mapped_column(Boolean, default=False)
    message_key: Mapped[str] = mapped_column(String(160), unique=True)
    code_salt: Mapped[str] = mapped_column(String(32))
    code_digest: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(Boolean, default=False)  # 暂按
    card: Mapped[str] = mapped_column(String(6), default="")  # yellow, red: as last handed out
    round: Mapped[int] = mapped_column(Integer, default=1)  # 2 after a redo
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(Id, index=True)  # it came out of that letter
    outcome: Mapped[str] = mapped_column(String(24), default="")
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    answer_type: Mapped[str] = mapped_column(String(20), default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_days: Mapped[int | None] = mapped_column(Integer)  # calendar, to the first answer
    on_time: Mapped[bool | None] = mapped_column(Boolean)  # the first answer
    grade: Mapped[int | None] = mapped_column(Integer)  # the newest rating
    last_wrote_at: Mapped[datetime] = mapped_column(Moment)  # the citizen; opens the 48 h window

    office: Mapped[StaffOffice | None] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("kind", "year", "serial"),
        Index("ix_tickets_state_due", "state", "due_on"),
        Index("ix_tickets_office_state", "office_id", "state"),
        Index(
            "ix_tickets_figures",
            *("received_at", "office_id", "state", "answer_days", "on_time", "grade"),
        ),
    )

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind].label

    @property
    def state_label(self) -> str:
        return LABELS[State(self.state)]

    @property
    def title(self) -> str:
        """The first words, for lists."""
        line = self.text.replace("\n", " ").strip()
        return line if len(line) <= 30 else line[:29] + "…"


class TicketClock(Base):
    """One clock of a ticket. `reply` decides Ticket.due_on; `days` grows by an extension,
    `excluded` by time spent asking others. Units of days: kinds.Unit."""

    __tablename__ = "ticket_clocks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    name: Mapped[str] = mapped_column(String(16))  # reply return redo supplement third_party
    unit: Mapped[str] = mapped_column(String(10))
    days: Mapped[int] = mapped_column(Integer)
    excluded: Mapped[int] = mapped_column(Integer, default=0)  # days the law does not count
    source: Mapped[str] = mapped_column(String(200))
    started_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ending: Mapped[str] = mapped_column(String(16), default="")  # met stopped restarted

    __table_args__ = (Index("ix_clocks_running", "ended_at", "provisional"),)


class Attachment(Base):
    """A picture or file of a letter: named in a draft and fetched from WeChat before it dies (3
    days), or put into a form. `path` is the SHA-256 of its bytes and the ending of its kind."""

    __tablename__ = "ticket_attachments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_drafts.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_key: Mapped[str] = mapped_column(String(160), unique=True)
    media_id: Mapped[str] = mapped_column(String(160))
    form: Mapped[str] = mapped_column(String(120), default="", index=True)  # of a page, else empty
    name: Mapped[str] = mapped_column(String(160), default="")  # what its sender calls it
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # kept lost refused
    path: Mapped[str] = mapped_column(String(200), default="")
    content_type: Mapped[str] = mapped_column(String(80), default="")
    size_bytes: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_attachments_waiting", "state", "next_try_at"),)

    @property
    def sha256(self) -> str:
        return self.path.partition(".")[0]


class CannedSentence(Base):
    """A sentence clerks use again and again (常用语)."""

    __tablename__ = "canned_sentences"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class CodeTries(Base):
    """Failed look-ups by number and code from one source, counted over an hour."""

    __tablename__ = "ticket_code_tries"

    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer, default=0)
