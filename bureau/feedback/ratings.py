"""Ratings (好差评): five grades, a reason below 满意, and one redo for who is dissatisfied."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, deadlines, forwarding
from bureau.feedback.history import TicketRating
from bureau.feedback.kinds import BAD_FROM, GRADES, REASON_FROM, REDO
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from core.errors import IllegalMove, NotFound, Refusal

ROUNDS = 2  # the first answer and one redo


@dataclass(frozen=True, slots=True)
class Rated:
    """What came of a rating. `redo`: the matter is taken up again, `ask_reason`: tell us why."""

    rating: TicketRating
    redo: bool
    ask_reason: bool


def rate(
    db: Session, ticket: Ticket, openid: str | None, grade: int, now: datetime, reason: str = ""
) -> Rated:
    """Record the citizen's grade of the newest answer, 1 非常满意 to 5 非常不满意.

    A grade of 差评 on the first answer starts a redo with its own clock (5 working days); the
    same grade again changes nothing. Raises NotFound for another's ticket, IllegalMove for a
    ticket without an answer or a second, different rating. A letter that came by a page has no
    openid: who opened it with number and code passes the ticket's own None.
    """
    if ticket.openid != openid:
        raise NotFound("没有找到这件来信。")
    if grade not in GRADES:
        raise Refusal("请选择1到5。")
    chain.lock(db, ticket)
    before = of_round(db, ticket)
    if before is not None:
        if before.grade == grade:
            return Rated(before, redo=ticket.state == State.REDO, ask_reason=_asks(before))
        raise IllegalMove("这次答复您已经评价过了。")
    if ticket.state not in (State.ANSWERED, State.CLOSED):
        raise IllegalMove("这件来信还没有答复，答复后再请您评价。")
    rating = TicketRating(
        ticket_id=ticket.id, round=ticket.round, grade=grade, reason=reason.strip()[:500], at=now
    )
    db.add(rating)
    ticket.grade = grade
    chain.append(db, ticket, "rated", now, who=chain.CITIZEN, grade=grade, reason=rating.reason)
    redo = grade >= BAD_FROM and may_redo(ticket)
    if redo:
        _redo(db, ticket, now)
    return Rated(rating, redo=redo, ask_reason=_asks(rating))


def may_redo(ticket: Ticket) -> bool:
    """Whether a 差评 of the answer that stands now has the matter taken up again."""
    return ticket.round < ROUNDS


def give_reason(
    db: Session, ticket: Ticket, openid: str, reason: str, now: datetime
) -> TicketRating:
    """Add the reason to the newest rating of this person's ticket. Raises NotFound."""
    query = select(TicketRating).where(TicketRating.ticket_id == ticket.id)
    rating = db.scalar(query.order_by(TicketRating.id.desc()).limit(1))
    if rating is None or ticket.openid != openid:
        raise NotFound("没有找到您的评价。")
    chain.lock(db, ticket)
    rating.reason = "\n".join(part for part in (rating.reason, reason.strip()[:500]) if part)
    chain.append(db, ticket, "rating_reason", now, who=chain.CITIZEN, reason=reason.strip())
    return rating


def of_round(db: Session, ticket: Ticket) -> TicketRating | None:
    """The rating of the answer that stands now."""
    return db.scalar(
        select(TicketRating).where(
            TicketRating.ticket_id == ticket.id, TicketRating.round == ticket.round
        )
    )


def all_of(db: Session, ticket: Ticket) -> list[TicketRating]:
    query = select(TicketRating).where(TicketRating.ticket_id == ticket.id)
    return list(db.scalars(query.order_by(TicketRating.id)))


def waiting(db: Session, openid: str, number: str = "") -> Ticket | None:
    """The person's newest answered ticket (or the one of `number`) that is not rated yet."""
    query = (
        select(Ticket)
        .outerjoin(
            TicketRating,
            (TicketRating.ticket_id == Ticket.id) & (TicketRating.round == Ticket.round),
        )
        .where(
            Ticket.openid == openid,
            Ticket.state.in_([State.ANSWERED.value, State.CLOSED.value]),
            TicketRating.id.is_(None),
        )
        .order_by(Ticket.answered_at.desc(), Ticket.id.desc())
        .limit(1)
    )
    return db.scalar(query.where(Ticket.number == number) if number else query)


def _asks(rating: TicketRating) -> bool:
    return rating.grade >= REASON_FROM and not rating.reason


def _redo(db: Session, ticket: Ticket, now: datetime) -> None:
    chain.move(db, ticket, State.REDO, "redo", now)
    ticket.round += 1
    ticket.closed_at, ticket.outcome, ticket.outcome_reason = None, "", ""
    deadlines.start(db, ticket, "redo", REDO, now)
    forwarding.tell_office(db, ticket, "来信人不满意，重新办理", "redo", now)
