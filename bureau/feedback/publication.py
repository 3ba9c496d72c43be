"""Making a ticket public: with consent, masked, scanned, and by a second person."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, replies
from bureau.feedback.history import TicketPublication
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from bureau.release import gate
from bureau.release.scan import scan, stops
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.errors import Forbidden, IllegalMove, NotFound, Refusal
from core.privacy import mask

CONTACTS = ("answer",)  # an office's own telephone belongs into an answer


def proposal(db: Session, ticket: Ticket) -> tuple[str, str]:
    """Question and answer as they might be published: numbers of people are masked."""
    reply = replies.latest_sent(db, ticket)
    return mask(ticket.text), mask(reply.text if reply else "")


def prepare(
    db: Session, ticket: Ticket, question: str, answer: str, by: Clerk, now: datetime
) -> TicketPublication:
    """Lay a masked version before a second person.

    Raises IllegalMove without the sender's consent or before the answer, Refusal with the
    first thing the scan finds.
    """
    roles.require(by.role, "feedback.publish")
    if not question.strip() or not answer.strip():
        raise Refusal("公开稿须有来信和答复两部分。")
    chain.lock(db, ticket)
    if not ticket.may_publish:
        raise IllegalMove("来信人没有同意公开，不能公开。")
    if ticket.state not in (State.ANSWERED, State.CLOSED):
        raise IllegalMove("答复后才能公开。")
    if any(row.state in ("in_review", "public") for row in of(db, ticket)):
        raise IllegalMove("这件来信已有公开稿。")
    _check(db, question, answer)
    row = TicketPublication(
        ticket_id=ticket.id,
        state="in_review",
        question=question.strip(),
        answer=answer.strip(),
        prepared_by_id=by.id,
        prepared_at=now,
    )
    db.add(row)
    db.flush()
    chain.append(db, ticket, "publication_prepared", now, by=by, publication=row.id)
    return row


def approve(db: Session, row: TicketPublication, by: Clerk, now: datetime) -> None:
    """Publish. Raises Forbidden for the one who prepared it, Refusal for what the scan finds."""
    ticket = _begin(db, row, "in_review", by)
    if row.prepared_by_id == by.id:
        raise Forbidden("公开稿须由另一人审核。")
    _check(db, row.question, row.answer)
    row.state, row.approved_by_id, row.published_at = "public", by.id, now
    ticket.published_at = now
    chain.append(db, ticket, "published", now, by=by, publication=row.id)


def refuse(db: Session, row: TicketPublication, by: Clerk, now: datetime, reason: str) -> None:
    """Send it back with a reason."""
    ticket = _begin(db, row, "in_review", by)
    row.state, row.reason = "refused", _reason(reason)
    chain.append(db, ticket, "publication_refused", now, by=by, reason=row.reason)


def withdraw(db: Session, row: TicketPublication, by: Clerk, now: datetime, reason: str) -> None:
    """Take it back, saying why; the words are kept."""
    ticket = _begin(db, row, "public", by)
    row.state, row.reason = "withdrawn", _reason(reason)
    ticket.published_at = None
    chain.append(db, ticket, "publication_withdrawn", now, by=by, reason=row.reason)


def forget(db: Session, ticket: Ticket, instead: str) -> list[int]:
    """Empty every version of a locked ticket's; gives those that were public until now."""
    versions = of(db, ticket)
    public_ones = [row.id for row in versions if row.state == "public"]
    for row in versions:
        row.question, row.answer, row.reason, row.state = instead, instead, instead, "withdrawn"
    ticket.published_at = None
    return public_ones


def of(db: Session, ticket: Ticket) -> list[TicketPublication]:
    query = select(TicketPublication).where(TicketPublication.ticket_id == ticket.id)
    return list(db.scalars(query.order_by(TicketPublication.id)))


def one(db: Session, number: int) -> TicketPublication:
    """Raises NotFound."""
    row = db.get(TicketPublication, number)
    if row is None:
        raise NotFound("没有这份公开稿。")
    return row


def public(
    db: Session, *, after: int | None = None, size: int = 20
) -> list[tuple[TicketPublication, Ticket]]:
    """What everybody may read, newest first; the ticket gives kind, office, days, outcome."""
    query = select(TicketPublication, Ticket).join(Ticket, Ticket.id == TicketPublication.ticket_id)
    query = query.where(TicketPublication.state == "public")
    if after is not None:
        query = query.where(TicketPublication.id < after)
    rows = db.execute(query.order_by(TicketPublication.id.desc()).limit(size)).unique()
    return [(row[0], row[1]) for row in rows]


def public_one(db: Session, number: int) -> tuple[TicketPublication, Ticket]:
    """A public version and its ticket. Raises NotFound for one that is not (or no more) public."""
    row = db.get(TicketPublication, number)
    ticket = db.get(Ticket, row.ticket_id) if row is not None and row.state == "public" else None
    if row is None or ticket is None:
        raise NotFound("没有这封公开来信，或者已经撤下。")
    return row, ticket


def _begin(db: Session, row: TicketPublication, state: str, by: Clerk) -> Ticket:
    roles.require(by.role, "feedback.publish")
    ticket = db.get(Ticket, row.ticket_id)
    if ticket is None:
        raise NotFound("没有找到这件来信。")
    chain.lock(db, ticket)
    db.refresh(row)
    if row.state != state:
        raise IllegalMove("公开稿的状态已经变化，请刷新后再试。")
    return ticket


def _check(db: Session, question: str, answer: str) -> None:
    texts = {"question": question, "answer": answer}
    found = stops(scan(texts, CONTACTS, gate.words_of(db)))
    if found:
        raise Refusal(f"公开稿中有{found[0].label}“{found[0].shown}”，请处理后再送审。")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refusal("请说明理由。")
    return reason.strip()
