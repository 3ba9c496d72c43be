"""Handling among staff: handing out, giving back, extending, merging, notes, reminders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, forwarding, letters
from bureau.feedback.history import TicketAsk, TicketAssist, TicketNote
from bureau.feedback.kinds import KINDS, RETURN
from bureau.feedback.models import Ticket
from bureau.feedback.replies import set_aside, tell, tell_all
from bureau.feedback.states import OPEN, State
from bureau.staff import roles
from bureau.staff.models import Clerk, StaffOffice
from core.clock import day_of
from core.errors import IllegalMove, NotFound, Refusal

RETURNS_BEFORE_RULING = 2  # after so many the general office decides, and it stays decided


def assign(
    db: Session,
    ticket: Ticket,
    office: StaffOffice,
    by: Clerk,
    now: datetime,
    *,
    assists: Sequence[StaffOffice] = (),
    reason: str = "",
) -> None:
    """Hand a ticket to the leading office, with others that assist.

    After it was given back twice this is a ruling: the office may not give it back again.
    """
    roles.require(by.role, "feedback.assign")
    chain.lock(db, ticket)
    then = State.REDO if ticket.state == State.REDO else State.ASSIGNED
    event = chain.move(
        db,
        ticket,
        then,
        "assigned",
        now,
        by=by,
        office=office.name,
        assists=[other.name for other in assists],
        ruling=times_returned(db, ticket) >= RETURNS_BEFORE_RULING,
        reason=reason.strip(),
    )
    set_aside(db, ticket, f"来信已分办给{office.name}")
    ticket.office_id, ticket.office = office.id, office
    db.execute(delete(TicketAssist).where(TicketAssist.ticket_id == ticket.id))
    for other in {other.id: other for other in assists if other.id != office.id}.values():
        db.add(TicketAssist(ticket_id=ticket.id, office_id=other.id))
    deadlines.stop(db, ticket, now, "restarted", "return")
    deadlines.start(db, ticket, "return", RETURN, now)
    forwarding.tell_office(db, ticket, "来信已分办", f"assigned:{event.position}", now)


def give_back(db: Session, ticket: Ticket, by: Clerk, now: datetime, reason: str) -> None:
    """The office gives a ticket back to 办公室, within 2 working days and with the reason.

    Raises Refusal without a reason, IllegalMove when late or after a ruling.
    """
    roles.require(by.role, "feedback.reply")
    if not reason.strip():
        raise Refusal("请说明退回的理由。")
    chain.lock(db, ticket)
    limit = next((c for c in deadlines.running(db, ticket) if c.name == "return"), None)
    if limit is not None and day_of(now) > limit.due_on:
        raise IllegalMove(f"退回期限已过（{limit.due_on:%Y-%m-%d}），请联系办公室。")
    if times_returned(db, ticket) >= RETURNS_BEFORE_RULING:
        raise IllegalMove("办公室已裁定由本科室办理，不能再次退回。")
    db.add(_ask(ticket, "return", 0, reason, by, now))
    event = chain.move(db, ticket, State.RETURNED, "returned", now, by=by, reason=reason.strip())
    ticket.office_id, ticket.office = None, None
    forwarding.tell_dispatchers(db, ticket, "已退回办公室", f"returned:{event.position}", now)
    deadlines.stop(db, ticket, now, "met", "return")


def ask_extension(
    db: Session, ticket: Ticket, days: int, reason: str, by: Clerk, now: datetime
) -> TicketAsk:
    """Ask for more time, once, before the due date, up to the kind's limit.

    Raises Refusal for a missing reason or too many days, IllegalMove otherwise.
    """
    roles.require(by.role, "feedback.reply")
    span = KINDS[ticket.kind].extension
    if not reason.strip():
        raise Refusal("请说明延期的理由。")
    if not 1 <= days <= span.days:
        raise Refusal(f"延期须在1到{span.days}个工作日之间（{span.source}）。")
    chain.lock(db, ticket)
    _check_open(ticket)
    if day_of(now) > ticket.due_on:
        raise IllegalMove("办理期限已过，不能再申请延期。")
    if any(a.granted is not False for a in asks(db, ticket, "extension")):
        raise IllegalMove("这件来信已申请过延期，延期只能一次。")
    ask = _ask(ticket, "extension", days, reason, by, now)
    db.add(ask)
    chain.append(db, ticket, "extension_asked", now, by=by, days=days, reason=reason.strip())
    db.flush()
    return ask


def decide(
    db: Session, ask: TicketAsk, granted: bool, by: Clerk, now: datetime, decision: str = ""
) -> None:
    """Grant or refuse an extension; granted, the citizen is told the new date and why.

    Raises IllegalMove when it is decided already, Refusal when one decides one's own asking.
    """
    roles.require(by.role, "feedback.decide")
    ticket = db.get(Ticket, ask.ticket_id)
    if ticket is None:
        raise NotFound("没有找到这件来信。")
    chain.lock(db, ticket)
    db.refresh(ask)
    if ask.kind != "extension" or ask.granted is not None:
        raise IllegalMove("这项申请已经处理过了。")
    if ask.asked_by_id == by.id:
        raise Refusal("延期须由他人批准。")
    ask.granted, ask.decided_by_id, ask.decided_at = granted, by.id, now
    ask.decision = decision.strip()
    if not granted:
        chain.append(db, ticket, "extension_refused", now, by=by, reason=ask.decision)
        return
    due = deadlines.extend(db, ticket, ask.days)
    chain.append(db, ticket, "extended", now, by=by, days=ask.days, due=due.day, reason=ask.reason)
    told = f"extension:{ask.id}"
    tell_all(db, ticket, lambda one: letters.extended(one, ask.reason, now), told, now)


def merge(
    db: Session, ticket: Ticket, into: Ticket, by: Clerk, now: datetime, reason: str = ""
) -> None:
    """Handle a duplicate together with another: one reply tells all who wrote.

    Raises Refusal for a ticket merged into itself or into one that falls due later, which would
    lengthen its own clock; IllegalMove when `into` is not open.
    """
    roles.require(by.role, "feedback.assign")
    if ticket.id == into.id:
        raise Refusal("不能与自己并案。")
    for one in sorted((ticket, into), key=lambda t: t.id):
        chain.lock(db, one)
    _check_open(into)
    if ticket.due_on < into.due_on:
        raise Refusal(f"{into.number}的期限更晚，请打开那一件，并入{ticket.number}。")
    chain.move(db, ticket, State.MERGED, "merged", now, by=by, into=into.number, reason=reason)
    deadlines.stop(db, ticket, now, "stopped")
    for one in (ticket, *db.scalars(select(Ticket).where(Ticket.merged_into_id == ticket.id))):
        one.merged_into_id, one.due_on, one.provisional = into.id, into.due_on, into.provisional
    chain.append(db, into, "absorbed", now, by=by, number=ticket.number)
    tell(db, ticket, letters.merged(ticket, into, now), f"merged:{into.id}", now)


def note(db: Session, ticket: Ticket, text: str, by: Clerk, now: datetime) -> TicketNote:
    """A note among staff, never shown outside."""
    roles.require(by.role, "feedback.read")
    if not text.strip():
        raise Refusal("请写下备注内容。")
    row = TicketNote(ticket_id=ticket.id, clerk_id=by.id, text=text.strip()[:2000], at=now)
    db.add(row)
    db.flush()
    return row


def remind(db: Session, ticket: Ticket, by: Clerk | None, now: datetime, why: str = "") -> None:
    """Remind the office (督办); None: the clock does it."""
    if by is not None:
        roles.require(by.role, "feedback.decide")
    chain.lock(db, ticket)
    _check_open(ticket)
    event = chain.append(db, ticket, "reminded", now, by=by, reason=why.strip())
    forwarding.tell_office(db, ticket, "督办", f"reminded:{event.position}", now)


def notes(db: Session, ticket: Ticket) -> list[tuple[TicketNote, str]]:
    """The notes with their authors' names, oldest first."""
    query = select(TicketNote, Clerk.display_name).join(Clerk, Clerk.id == TicketNote.clerk_id)
    rows = db.execute(query.where(TicketNote.ticket_id == ticket.id).order_by(TicketNote.id))
    return [(row[0], row[1]) for row in rows]


def asks(db: Session, ticket: Ticket, kind: str) -> list[TicketAsk]:
    query = select(TicketAsk).where(TicketAsk.ticket_id == ticket.id, TicketAsk.kind == kind)
    return list(db.scalars(query.order_by(TicketAsk.id)))


def ask_of(db: Session, ticket: Ticket, ask_id: int) -> TicketAsk:
    """The request with this id, if it belongs to this ticket. Raises NotFound."""
    ask = db.get(TicketAsk, ask_id)
    if ask is None or ask.ticket_id != ticket.id:
        raise NotFound("没有这项申请。")
    return ask


def assisting(db: Session, ticket: Ticket) -> list[StaffOffice]:
    query = select(StaffOffice).join(TicketAssist, TicketAssist.office_id == StaffOffice.id)
    return list(db.scalars(query.where(TicketAssist.ticket_id == ticket.id)))


def times_returned(db: Session, ticket: Ticket) -> int:
    query = select(func.count(TicketAsk.id)).where(
        TicketAsk.ticket_id == ticket.id, TicketAsk.kind == "return"
    )
    return db.scalar(query) or 0


def _ask(ticket: Ticket, kind: str, days: int, reason: str, by: Clerk, now: datetime) -> TicketAsk:
    return TicketAsk(
        ticket_id=ticket.id,
        kind=kind,
        days=days,
        reason=reason.strip(),
        asked_by_id=by.id,
        asked_at=now,
    )


def _check_open(ticket: Ticket) -> None:
    if State(ticket.state) not in OPEN:
        raise IllegalMove("这件来信已不在办理中。")
