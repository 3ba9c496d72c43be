"""Replies: drafted, released by who may, and put on their way in the same transaction."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound import outbox
from bot.outbound.notice import Notice, Person
from bureau.feedback import chain, deadlines, letters
from bureau.feedback.history import TicketReply
from bureau.feedback.kinds import ANSWER_TYPES
from bureau.feedback.models import Ticket
from bureau.feedback.states import OPEN, State
from bureau.release import gate
from bureau.release.scan import scan, stops
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.clock import day_of
from core.errors import Forbidden, IllegalMove, NotFound, Refusal

LONGEST = 8_000  # characters of a reply


def draft(
    db: Session,
    ticket: Ticket,
    text: str,
    by: Clerk,
    now: datetime,
    *,
    interim: bool = False,
    public: bool = False,
    answer_type: str = "",
) -> TicketReply:
    """Write a reply and lay it before who may release it.

    interim: a word in between that leaves the clock running. public: to be shown to everybody,
    so a second person must release it. answer_type: of a request, one of ANSWER_TYPES.
    Raises Refusal for an empty or too long text, an unknown answer type, or what the scan finds in
    a public one.
    """
    roles.require(by.role, "feedback.reply")
    text = text.strip()
    if not text:
        raise Refusal("请写下答复内容。")
    if len(text) > LONGEST:
        raise Refusal(f"答复共{len(text)}字，超过了{LONGEST}字。")
    needed = ticket.kind == "request" and not interim
    if (needed or answer_type) and answer_type not in ANSWER_TYPES:
        raise Refusal("请选择答复类型（《政府信息公开条例》第三十六条）。")
    if public:
        _check_scan(db, text)
    chain.lock(db, ticket)
    if interim:
        _check_open(ticket)
        chain.append(db, ticket, "interim_drafted", now, by=by, text=text)
    else:
        chain.move(db, ticket, State.IN_REVIEW, "reply_drafted", now, by=by, text=text)
    reply = TicketReply(
        ticket_id=ticket.id,
        round=ticket.round,
        interim=interim,
        public=public,
        state="in_review",
        text=text,
        text_digest=digest(text),
        drafted_by_id=by.id,
        drafted_at=now,
        answer_type=answer_type,
    )
    db.add(reply)
    db.flush()
    return reply


def release(db: Session, reply: TicketReply, by: Clerk, now: datetime) -> TicketReply:
    """Send a reply: the ticket is answered and the notice to the citizen queued, together.

    Raises Forbidden when a public reply would be released by its own author, IllegalMove when
    it is not under review, Refusal when its text is not the one that was laid before.
    """
    roles.require(by.role, "feedback.release")
    ticket = chain.lock(db, one_ticket(db, reply))
    db.refresh(reply)
    if reply.state != "in_review":
        raise IllegalMove("这份答复不在待审状态。")
    if reply.public and reply.drafted_by_id == by.id:
        raise Forbidden("公开答复须由另一人审核发出。")
    if digest(reply.text) != reply.text_digest:
        raise Refusal("答复内容与送审时不一致，请重新拟写。")
    reply.state, reply.released_by_id, reply.released_at = "sent", by.id, now
    if reply.interim:
        chain.append(db, ticket, "interim_sent", now, by=by, reply=reply.id)
        write, waiting = letters.interim, merged_into(db, ticket)
    else:
        write, waiting = letters.answered, _answer(db, ticket, reply, by, now)
    key = f"reply:{reply.id}"
    for other in waiting:
        tell(db, other, write(other, reply.text, now), key, now)
    reply.push_id = tell(db, ticket, write(ticket, reply.text, now), key, now)
    return reply


def refuse(db: Session, reply: TicketReply, by: Clerk, now: datetime, reason: str) -> None:
    """Send a reply back to its author with a reason; the ticket is worked on again."""
    roles.require(by.role, "feedback.release")
    if not reason.strip():
        raise Refusal("请说明退回修改的理由。")
    ticket = chain.lock(db, one_ticket(db, reply))
    if reply.state != "in_review":
        raise IllegalMove("这份答复不在待审状态。")
    reply.state, reply.refusal = "refused", reason.strip()
    if reply.interim:
        chain.append(db, ticket, "interim_refused", now, by=by, reason=reason)
        return
    back = State.ASSIGNED if ticket.office_id else State.RECEIVED
    back = State.REDO if ticket.round > 1 else back
    chain.move(db, ticket, back, "reply_refused", now, by=by, reason=reason)


def set_aside(db: Session, ticket: Ticket, why: str) -> None:
    """Whatever waits for release goes no further: the ticket left the hands it was written by."""
    for reply in of(db, ticket):
        if reply.state == "in_review":
            reply.state, reply.refusal = "refused", why


def answer(
    db: Session,
    ticket: Ticket,
    text: str,
    by: Clerk,
    now: datetime,
    *,
    interim: bool = False,
    answer_type: str = "",
) -> TicketReply:
    """Write and release a private reply in one go, by somebody who may do both."""
    roles.require(by.role, "feedback.release")
    reply = draft(db, ticket, text, by, now, interim=interim, answer_type=answer_type)
    return release(db, reply, by, now)


def of(db: Session, ticket: Ticket) -> list[TicketReply]:
    """All versions, oldest first."""
    query = select(TicketReply).where(TicketReply.ticket_id == ticket.id)
    return list(db.scalars(query.order_by(TicketReply.id)))


def latest_sent(db: Session, ticket: Ticket) -> TicketReply | None:
    """The newest released reply that is not an interim one."""
    sent = [r for r in of(db, ticket) if r.state == "sent" and not r.interim]
    return sent[-1] if sent else None


def interim_sent(db: Session, ticket: Ticket) -> list[TicketReply]:
    """What was told of the progress on the way, oldest first."""
    return [r for r in of(db, ticket) if r.state == "sent" and r.interim]


def one(db: Session, reply_id: int) -> TicketReply:
    """Raises NotFound."""
    reply = db.get(TicketReply, reply_id)
    if reply is None:
        raise NotFound("没有这份答复。")
    return reply


def one_ticket(db: Session, reply: TicketReply) -> Ticket:
    ticket = db.get(Ticket, reply.ticket_id)
    if ticket is None:
        raise NotFound("没有这件来信。")
    return ticket


def tell(db: Session, ticket: Ticket, notice: Notice, key: str, now: datetime) -> int | None:
    """Queue a notice to the sender; None when the ticket came from outside WeChat."""
    if ticket.openid is None:
        return None
    origin_key = origin_of(ticket) + key
    return outbox.put(db, notice, Person(ticket.openid), now, origin_key=origin_key).id


def tell_all(
    db: Session, ticket: Ticket, write: Callable[[Ticket], Notice], key: str, now: datetime
) -> int | None:
    """Queue a notice to the sender, and one of their own to all who are handled together with it;
    gives the sender's."""
    for other in merged_into(db, ticket):
        tell(db, other, write(other), key, now)
    return tell(db, ticket, write(ticket), key, now)


def merged_into(db: Session, ticket: Ticket) -> list[Ticket]:
    """The letters that share this one's fate: while it is open those that wait for its answer,
    afterwards those that have it (one that is done again goes its own way)."""
    waiting = State(ticket.state) in OPEN
    states = (State.MERGED,) if waiting else (State.ANSWERED, State.CLOSED)
    query = select(Ticket).where(
        Ticket.merged_into_id == ticket.id, Ticket.state.in_([state.value for state in states])
    )
    return list(db.scalars(query.order_by(Ticket.id)))


def origin_of(ticket: Ticket) -> str:
    """How the keys of all notices of a ticket begin."""
    return f"ticket:{ticket.id}:"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _answer(
    db: Session, ticket: Ticket, reply: TicketReply, by: Clerk, now: datetime
) -> list[Ticket]:
    """The ticket and all that were merged into it are answered; gives those."""
    waiting = merged_into(db, ticket)
    chain.move(db, ticket, State.ANSWERED, "answered", now, by=by, reply=reply.id, text=reply.text)
    _answered(ticket, now)
    ticket.answer_type = reply.answer_type
    deadlines.stop(db, ticket, now, "met")
    for other in waiting:
        chain.lock(db, other)
        chain.move(db, other, State.ANSWERED, "answered", now, by=by, text=reply.text)
        _answered(other, now)
    return waiting


def _answered(ticket: Ticket, now: datetime) -> None:
    """The moment of the answer; the figures are those of the first one."""
    if ticket.answered_at is None:
        day = day_of(now)
        ticket.answer_days = (day - day_of(ticket.received_at)).days
        ticket.on_time = day <= ticket.due_on
    ticket.answered_at, ticket.card = now, ""


def _check_scan(db: Session, text: str) -> None:
    """Raises Refusal for what nobody may read in public: numbers of people, marks of secrecy."""
    found = stops(scan({"answer": text}, ("answer",), gate.words_of(db)))
    if found:
        raise Refusal(f"公开的答复中有{found[0].label}“{found[0].shown}”，请处理后再送审。")


def _check_open(ticket: Ticket) -> None:
    if ticket.state in (State.ANSWERED, State.CLOSED, State.MERGED, State.WITHDRAWN):
        raise IllegalMove("这件来信已不在办理中。")
