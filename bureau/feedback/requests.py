"""Requests for information (依申请公开): 补正, third parties, the seven kinds of answer."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, letters
from bureau.feedback.kinds import KINDS, SUPPLEMENT, THIRD_PARTY, Span, Unit
from bureau.feedback.models import Ticket, TicketClock
from bureau.feedback.replies import tell
from bureau.feedback.states import State
from bureau.staff import alerts, roles
from bureau.staff.models import Clerk
from bureau.workdays import table
from core.clock import day_of
from core.errors import IllegalMove, Refusal

REASONABLE = "《政府信息公开条例》（国令第711号）第三十条：合理的补正期限"


def ask_supplement(
    db: Session, ticket: Ticket, what: str, days: int, by: Clerk, now: datetime
) -> None:
    """Ask the applicant to complete the request, once, within 7 working days of its receipt.

    days: working days given to the applicant. The clock of the answer stops; it starts anew
    when the supplement comes. Raises IllegalMove when late or asked before.
    """
    roles.require(by.role, "feedback.reply")
    if ticket.kind != "request":
        raise IllegalMove("只有依申请公开的申请可以告知补正。")
    if not what.strip():
        raise Refusal("请写明需要补正的事项。")
    if not 1 <= days <= 30:
        raise Refusal("补正期限须在1到30个工作日之间。")
    chain.lock(db, ticket)
    if any(event.action == "supplement_asked" for event in chain.events(db, ticket)):
        raise IllegalMove("补正只能告知一次。")
    first = deadlines.leading(db, ticket)
    calendar = table.load(db, first.started_on)
    limit = calendar.add_workdays(first.started_on, SUPPLEMENT.days)
    if day_of(now) > limit.day:
        raise IllegalMove(f"告知补正的期限已过（{limit.day:%Y-%m-%d}，{SUPPLEMENT.source}）。")
    chain.move(db, ticket, State.SUPPLEMENT, "supplement_asked", now, by=by, what=what.strip())
    deadlines.stop(db, ticket, now, "restarted")
    given = Span(days, Unit.WORKDAYS, REASONABLE)
    clock = deadlines.start(db, ticket, "supplement", given, now)
    notice = letters.supplement(ticket, what.strip(), clock.due_on, clock.provisional, now)
    tell(db, ticket, notice, "supplement", now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an applicant is asked to complete, and the last day for it."""

    what: str
    until: date


def wanted(db: Session, ticket: Ticket) -> Wanted | None:
    """None when nothing is asked now."""
    clock = _running(db, ticket, "supplement")
    if ticket.state != State.SUPPLEMENT or clock is None:
        return None
    asked = [e for e in chain.events(db, ticket) if e.action == "supplement_asked"]
    return Wanted(str((asked[-1].content or {}).get("what", "")), clock.due_on) if asked else None


def supplement(db: Session, ticket: Ticket, text: str, now: datetime) -> None:
    """The applicant's supplement came: the clock of the answer starts again from today."""
    if not text.strip():
        raise Refusal("请写下补正的内容。")
    chain.lock(db, ticket)
    if ticket.state != State.SUPPLEMENT:
        raise IllegalMove("这件申请没有等待补正。")
    then = State.ASSIGNED if ticket.office_id else State.RECEIVED
    chain.move(db, ticket, then, "supplemented", now, who=chain.CITIZEN, text=text.strip()[:3000])
    deadlines.stop(db, ticket, now, "restarted")
    deadlines.start(db, ticket, "reply", KINDS[ticket.kind].reply, now)


def abandon(db: Session, ticket: Ticket, now: datetime) -> bool:
    """A supplement that never came: the request counts as given up. False when not yet."""
    chain.lock(db, ticket)
    clock = _running(db, ticket, "supplement")
    if ticket.state != State.SUPPLEMENT or clock is None or day_of(now) <= clock.due_on:
        return False
    chain.move(db, ticket, State.CLOSED, "abandoned", now, due=clock.due_on)
    ticket.outcome, ticket.closed_at = "abandoned", now
    deadlines.stop(db, ticket, now, "met")
    tell(db, ticket, letters.abandoned(ticket, now), "abandoned", now)
    return True


def ask_third_party(db: Session, ticket: Ticket, whom: str, by: Clerk, now: datetime) -> None:
    """Ask a third party or another agency, 15 working days; that time is not counted.

    All of it is put on the due date at once, so that nobody is warned of a day that is none;
    what was not needed is taken off again with the answer.
    """
    roles.require(by.role, "feedback.reply")
    if not whom.strip():
        raise Refusal("请写明征求谁的意见。")
    chain.lock(db, ticket)
    if ticket.kind != "request" or State(ticket.state) not in (State.RECEIVED, State.ASSIGNED):
        raise IllegalMove("只有办理中的依申请公开申请可以征求第三方意见。")
    if _running(db, ticket, "third_party") is not None:
        raise IllegalMove("正在征求第三方意见，不能重复发起。")
    deadlines.start(db, ticket, "third_party", THIRD_PARTY, now)
    due = deadlines.extend(db, ticket, excluded=THIRD_PARTY.days)
    chain.append(db, ticket, "third_party_asked", now, by=by, whom=whom.strip(), due=due.day)


def waiting_for_third_party(db: Session, ticket: Ticket) -> TicketClock | None:
    """The running clock of a third party's opinion; None when none is asked."""
    return _running(db, ticket, "third_party") if ticket.kind == "request" else None


def third_party_answered(
    db: Session, ticket: Ticket, answer: str, by: Clerk, now: datetime
) -> None:
    """The third party answered: only the working days it took stay on the clock."""
    roles.require(by.role, "feedback.reply")
    chain.lock(db, ticket)
    clock = _running(db, ticket, "third_party")
    if clock is None:
        raise IllegalMove("没有正在征求的第三方意见。")
    calendar = table.load(db, clock.started_on)
    days = min(calendar.workdays_between(clock.started_on, day_of(now)), clock.days)
    deadlines.stop(db, ticket, now, "met", "third_party")
    due = deadlines.extend(db, ticket, excluded=days - clock.days)
    chain.append(
        db, ticket, "third_party_answered", now, by=by, excluded=days, due=due.day, answer=answer
    )


def end_silence(db: Session, now: datetime) -> int:
    """Third parties whose 15 days are over: the bureau decides without them; how many.

    《政府信息公开条例》第三十二条.
    """
    today = day_of(now)
    query = (
        select(TicketClock)
        .where(TicketClock.name == "third_party", TicketClock.ended_at.is_(None))
        .where(TicketClock.due_on < today)
    )
    late = list(db.scalars(query))
    for clock in late:
        ticket = db.get_one(Ticket, clock.ticket_id)
        chain.lock(db, ticket)
        deadlines.stop(db, ticket, now, "met", "third_party")
        chain.append(db, ticket, "third_party_silent", now, due=ticket.due_on)
        words = f"{ticket.number} 第三方逾期未提出意见，由本机关决定，答复期限{ticket.due_on}。"
        alerts.put(db, f"silent:{clock.id}", words, now)
    return len(late)


def _running(db: Session, ticket: Ticket, name: str) -> TicketClock | None:
    return next((c for c in deadlines.running(db, ticket) if c.name == name), None)
