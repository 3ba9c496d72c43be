"""Staff are told of what is theirs to do: by STAFF_NOTIFY, and in their own WeChat if bound.

No citizen's name and no citizen's words: an alert leaves the house, and a phone lies about.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound import outbox
from bot.outbound.notice import TICKET, Notice, Person
from bureau.feedback.models import Ticket
from bureau.feedback.replies import origin_of
from bureau.staff import alerts, roles
from bureau.staff.models import Clerk
from core.clock import SHANGHAI
from core.wording import day_words


def tell_office(db: Session, ticket: Ticket, what: str, key: str, now: datetime) -> int:
    """Tell who may answer in the ticket's office, once under `key`; how many phones were told."""
    office = ticket.office.name if ticket.office else "办公室"
    due = day_words(ticket.due_on, ticket.provisional)
    words = f"{what}：{ticket.number}（{office}），答复期限{due}。"
    alerts.put(db, f"{key}:{ticket.number}", words, now)
    told = [clerk for clerk in _bound(db, ticket) if roles.may(clerk.role, "feedback.reply")]
    more = f"全文请在工作台查看。发“回复 {ticket.number} 内容”可以直接答复。"
    _to_phones(db, ticket, told, what, f"{words}\n{more}", key, now)
    return len(told)


def tell_dispatchers(db: Session, ticket: Ticket, what: str, key: str, now: datetime) -> int:
    """Tell who hands letters out that one waits to be, once under `key`; how many phones."""
    words = f"{what} {ticket.number}，请及时分办。"
    alerts.put(db, f"{key}:{ticket.number}", words, now)
    query = select(Clerk).where(Clerk.openid.is_not(None), Clerk.active.is_(True))
    bound = db.scalars(query.order_by(Clerk.id))
    told = [clerk for clerk in bound if roles.may(clerk.role, "feedback.assign")]
    _to_phones(db, ticket, told, what, f"{words}\n请在工作台分办。", key, now)
    return len(told)


def _to_phones(
    db: Session,
    ticket: Ticket,
    clerks: Sequence[Clerk],
    what: str,
    text: str,
    key: str,
    now: datetime,
) -> None:
    """Queue the same words to clerks who have bound their own WeChat, once each under `key`."""
    for clerk in clerks:
        notice = Notice(
            title=f"{what} {ticket.number}",
            label=ticket.office.name if ticket.office else "办公室",
            day=f"{now.astimezone(SHANGHAI):%Y-%m-%d}",
            text=text,
            purpose=TICKET,
        )
        origin = f"{origin_of(ticket)}staff:{clerk.id}:{key}"
        outbox.put(db, notice, Person(clerk.openid or ""), now, origin_key=origin)


def _bound(db: Session, ticket: Ticket) -> list[Clerk]:
    """The active clerks of the leading office whose own WeChat is bound."""
    query = select(Clerk).where(
        Clerk.office_id == ticket.office_id, Clerk.openid.is_not(None), Clerk.active.is_(True)
    )
    return list(db.scalars(query.order_by(Clerk.id)))
