"""A letter with several matters: each further one becomes a ticket of its own, linked to it."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bureau.feedback import attachments, chain, deadlines, forwarding, letters
from bureau.feedback.kinds import KINDS
from bureau.feedback.models import Attachment, SerialCounter, Ticket
from bureau.feedback.replies import tell
from bureau.feedback.states import State
from bureau.feedback.tickets import clean, lock_counter
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.errors import IllegalMove, Refusal
from core.numbering import make_number

MOST = 5  # matters split off one letter
UNANSWERED = (State.RECEIVED, State.ASSIGNED, State.RETURNED)


def split(
    db: Session,
    ticket: Ticket,
    matters: Sequence[str],
    by: Clerk,
    now: datetime,
    *,
    kind: str = "",
    reason: str = "",
) -> list[Ticket]:
    """Make a ticket of each further matter; the letter keeps its number, its words and the rest.

    The new ones have the same sender, secret code and pictures, and their clocks count from
    the day the letter came. `kind`: of the new ones, else that of the letter. Raises Refusal for
    an empty, too long or repeated matter, IllegalMove for a letter no longer to be handed out.
    """
    roles.require(by.role, "feedback.assign")
    if kind and kind not in KINDS:
        raise Refusal("请选择来信类型。")
    texts = [clean(matter) for matter in matters]
    if not texts:
        raise Refusal("请写明要分出来的事项。")
    chain.lock(db, ticket)
    if State(ticket.state) not in UNANSWERED:
        raise IllegalMove("只有还没有送审答复的来信可以分件。")
    before = [one.text for one in split_off(db, ticket)]
    if len({*before, *texts}) < len(before) + len(texts):
        raise Refusal("有一件事已经分出来过了。")
    if len(before) + len(texts) > MOST:
        raise Refusal(f"一件来信最多分出{MOST}件。")
    made = [_part(db, ticket, text, kind or ticket.kind, by, now) for text in texts]
    numbers = [one.number for one in made]
    chain.append(db, ticket, "split", now, by=by, numbers=numbers, reason=reason.strip())
    tell(db, ticket, letters.split(ticket, made, now), f"split:{numbers[0]}", now)
    return made


def split_off(db: Session, ticket: Ticket) -> list[Ticket]:
    """The tickets that were made of this letter, oldest first."""
    query = select(Ticket).where(Ticket.split_from_id == ticket.id)
    return list(db.scalars(query.order_by(Ticket.id)))


def relatives(db: Session, ticket: Ticket) -> list[Ticket]:
    """The other tickets of one letter: the letter itself first, then what was split off it."""
    root = ticket.split_from_id or ticket.id
    query = select(Ticket).where(
        or_(Ticket.id == root, Ticket.split_from_id == root), Ticket.id != ticket.id
    )
    return list(db.scalars(query.order_by(Ticket.id)))


def _part(db: Session, ticket: Ticket, text: str, kind: str, by: Clerk, now: datetime) -> Ticket:
    """A ticket of its own, as if it had come in the letter's own hour."""
    counter = lock_counter(db, KINDS[kind].prefix, now.year)
    counter.value += 1
    part = _row(ticket, counter, text, kind)
    db.add(part)
    db.flush()
    since = deadlines.leading(db, ticket).started_on
    deadlines.start(db, part, "reply", KINDS[kind].reply, now, since=since)
    chain.append(
        db,
        part,
        "split_off",
        now,
        by=by,
        source=ticket.number,
        text=text,
        due=part.due_on,
        provisional=part.provisional,
    )
    _copy_pictures(db, ticket, part, now)
    forwarding.tell_dispatchers(db, part, f"{ticket.number} 分出", "new", now)
    return part


def _row(ticket: Ticket, counter: SerialCounter, text: str, kind: str) -> Ticket:
    return Ticket(
        number=make_number(counter.prefix, counter.year, counter.value),
        kind=kind,
        year=counter.year,
        serial=counter.value,
        origin=ticket.origin,
        openid=ticket.openid,
        text=text,
        place=ticket.place,
        name_sealed=ticket.name_sealed,
        phone_sealed=ticket.phone_sealed,
        anonymous=ticket.anonymous,
        may_publish=ticket.may_publish,
        message_key=f"split:{ticket.id}:{secrets.token_hex(8)}",
        code_salt=ticket.code_salt,
        code_digest=ticket.code_digest,
        split_from_id=ticket.id,
        due_on=ticket.due_on,
        received_at=ticket.received_at,
        last_wrote_at=ticket.last_wrote_at,
    )


def _copy_pictures(db: Session, ticket: Ticket, part: Ticket, now: datetime) -> None:
    """The pictures belong to each matter: whoever answers it may not see the letter."""
    for one in attachments.of_ticket(db, ticket.id):
        db.add(
            Attachment(
                ticket_id=part.id,
                message_key=f"split:{part.id}:{one.id}",
                media_id=one.media_id,
                state=one.state,
                path=one.path,
                name=one.name,
                content_type=one.content_type,
                size_bytes=one.size_bytes,
                next_try_at=now,
                created_at=one.created_at,
            )
        )
