"""What a person may ask about their own data: a copy, withdrawal, deletion; and its end by time."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.outbound import outbox
from bureau.feedback import (
    attachments,
    chain,
    deadlines,
    publication,
    ratings,
    replies,
    succession,
)
from bureau.feedback.history import TicketEvent, TicketNote
from bureau.feedback.kinds import KEPT_DAYS, KINDS
from bureau.feedback.models import Attachment, Draft, DraftPart, Ticket
from bureau.feedback.states import NEXT, State
from core.errors import IllegalMove, NotFound
from core.privacy import Box

ERASED = "（已按本人要求删除）"
EXPIRED = "（已超过保存期限，内容已删除）"
DRAFT_LIFE = timedelta(days=30)  # of a draft: handed in it is a ticket, else it was given up
ENDED = (State.CLOSED, State.WITHDRAWN)


def copy_of(db: Session, openid: str, box: Box) -> dict[str, Any]:
    """All that is kept of a person in this room (个人信息保护法 第四十五条)."""
    mine = db.scalars(select(Ticket).where(Ticket.openid == openid).order_by(Ticket.id)).all()
    drafts = db.scalars(select(Draft).where(Draft.openid == openid).order_by(Draft.id)).all()
    return {
        "tickets": [_copy(db, ticket, box) for ticket in mine],
        "drafts": [_copy_draft(draft, box) for draft in drafts],
    }


def copy_of_one(db: Session, ticket: Ticket, box: Box) -> dict[str, Any]:
    """All that is kept of one letter, for whoever opened it with its code."""
    return _copy(db, ticket, box)


def withdraw(db: Session, ticket: Ticket, openid: str | None, now: datetime) -> None:
    """The sender takes a letter back. Raises NotFound for another's, IllegalMove when answered."""
    if ticket.openid != openid:
        raise NotFound("没有找到这件来信。")
    chain.lock(db, ticket)
    check_withdrawal(ticket)
    succession.hand_on(db, ticket, now)
    chain.move(db, ticket, State.WITHDRAWN, "withdrawn", now, who=chain.CITIZEN)
    replies.set_aside(db, ticket, "来信人已撤回")
    ticket.outcome, ticket.closed_at = "withdrawn", now
    deadlines.stop(db, ticket, now, "stopped")


def check_withdrawal(ticket: Ticket) -> None:
    """Raises IllegalMove for a letter that is answered, ended or handled with another."""
    if State.WITHDRAWN not in NEXT[State(ticket.state)]:
        raise IllegalMove(f"这件来信{ticket.state_label}，不能撤回了。")


def erase_one(db: Session, ticket: Ticket, now: datetime) -> list[str]:
    """Delete the words and identity of one letter that is answered or ended; its picture paths."""
    if State(ticket.state) not in (*ENDED, State.ANSWERED):
        raise IllegalMove("这件来信正在办理，请先撤回或等待答复后再删除。")
    return empty(db, ticket, now, ERASED)


def erase(db: Session, openid: str, now: datetime) -> list[str]:
    """Delete a person's words and identity; the paths of the pictures to be deleted with them.

    The chains stay whole without their content. Raises IllegalMove while a letter is open:
    it must be withdrawn or answered first (个人信息保护法 第四十七条).
    """
    mine = list(db.scalars(select(Ticket).where(Ticket.openid == openid)))
    if any(State(ticket.state) not in (*ENDED, State.ANSWERED) for ticket in mine):
        raise IllegalMove("您还有正在办理的来信，请先撤回或等待答复后再申请删除。")
    paths = [path for ticket in mine for path in empty(db, ticket, now, ERASED)]
    for ticket in mine:
        ticket.openid = None
    return paths + _delete_drafts(db, list(db.scalars(_drafts_of(openid))))


def empty(db: Session, ticket: Ticket, now: datetime, instead: str) -> list[str]:
    """Take the content out of one ended ticket, its published copies and its notices.

    Number, days and figures stay. Gives the paths of its pictures, to be deleted from disk after
    the commit.
    """
    chain.lock(db, ticket)
    withdrawn = publication.forget(db, ticket, instead)
    chain.append(db, ticket, "erased", now, why=instead, publications=withdrawn)
    for event in chain.events(db, ticket)[:-1]:
        chain.forget(event)
    for reply in replies.of(db, ticket):
        reply.text, reply.refusal = instead, ""
    db.execute(delete(TicketNote).where(TicketNote.ticket_id == ticket.id))
    for rating in ratings.all_of(db, ticket):
        rating.reason = ""
    ticket.text, ticket.place, ticket.outcome_reason = instead, "", ""
    ticket.name_sealed = ticket.phone_sealed = ""
    outbox.forget(db, replies.origin_of(ticket), instead, now)
    return attachments.drop(db, attachments.of_ticket(db, ticket.id))


def kept_days(setting: Iterable[str]) -> dict[str, int]:
    """KEEP_LETTERS as kind → days; a kind it leaves out keeps the default."""
    pairs = (part.split(":") for part in setting)
    return KEPT_DAYS | {kind.strip(): int(days) for kind, days in pairs if kind.strip() in KINDS}


def expire(
    db: Session, now: datetime, kept: Mapping[str, int] = KEPT_DAYS, limit: int = 100
) -> list[str]:
    """Empty tickets kept long enough and delete drafts untouched for 30 days; picture paths."""
    ended = select(Ticket).where(
        Ticket.state.in_([state.value for state in ENDED]), Ticket.text.not_in((EXPIRED, ERASED))
    )
    paths = []
    for kind, days in kept.items():
        old = ended.where(Ticket.kind == kind, Ticket.closed_at < now - timedelta(days=days))
        for ticket in db.scalars(old.limit(limit)).all():
            paths += empty(db, ticket, now, EXPIRED)
    aside = select(Draft).where(Draft.updated_at < now - DRAFT_LIFE)
    return paths + _delete_drafts(db, list(db.scalars(aside.limit(limit))))


def _copy(db: Session, ticket: Ticket, box: Box) -> dict[str, Any]:
    told = [reply.text for reply in replies.of(db, ticket) if reply.state == "sent"]
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    events = db.scalars(query.order_by(TicketEvent.position)).all()
    return {
        "number": ticket.number,
        "kind": ticket.kind_label,
        "state": ticket.state_label,
        "text": ticket.text,
        "place": ticket.place,
        "name": box.open(ticket.name_sealed),
        "phone": box.open(ticket.phone_sealed),
        "anonymous": ticket.anonymous,
        "may_publish": ticket.may_publish,
        "received_at": _said(ticket.received_at),
        "replies": told,
        "attachments": [
            {"name": one.name, "bytes": one.size_bytes, "sha256": one.sha256}
            for one in attachments.of_ticket(db, ticket.id)
        ],
        "history": [{"at": _said(event.at), "action": event.action} for event in events],
    }


def _copy_draft(draft: Draft, box: Box) -> dict[str, Any]:
    return {
        "state": draft.state,
        "text": draft.text,
        "place": draft.place,
        "name": box.open(draft.name_sealed),
        "phone": box.open(draft.phone_sealed),
        "at": _said(draft.created_at),
    }


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _drafts_of(openid: str) -> Any:
    return select(Draft).where(Draft.openid == openid)


def _delete_drafts(db: Session, drafts: list[Draft]) -> list[str]:
    ids = [draft.id for draft in drafts]
    loose = select(Attachment).where(Attachment.draft_id.in_(ids), Attachment.ticket_id.is_(None))
    paths = attachments.drop(db, list(db.scalars(loose)))
    db.execute(update(Attachment).where(Attachment.draft_id.in_(ids)).values(draft_id=None))
    db.execute(delete(DraftPart).where(DraftPart.draft_id.in_(ids)))
    db.execute(delete(Draft).where(Draft.id.in_(ids)))
    return paths
