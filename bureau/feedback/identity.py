"""Who wrote a letter: opened only on request, and every look is written down."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain
from bureau.feedback.history import TicketAssist
from bureau.feedback.models import Ticket
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import Forbidden
from core.privacy import Box


@dataclass(frozen=True, slots=True)
class Identity:
    """What the sender wrote of themselves; empty where nothing was written."""

    name: str
    phone: str


def look(db: Session, ticket: Ticket, by: Clerk, now: datetime, box: Box) -> Identity:
    """Name and phone in the clear; the look stands in the ticket's chain and in the audit.

    Raises Forbidden without the permission (个人信息保护法 第五十一条: 合理确定操作权限).
    """
    roles.require(by.role, "feedback.identity")
    if _hidden(ticket) and by.office_id in _concerned(db, ticket):
        raise Forbidden("来信涉及本科室，不能查看来信人身份。")
    chain.lock(db, ticket)
    chain.append(db, ticket, "identity_seen", now, by=by)
    audit.note(db, by, "feedback.identity_seen", f"ticket:{ticket.number}", now)
    return Identity(box.open(ticket.name_sealed), box.open(ticket.phone_sealed))


def _concerned(db: Session, ticket: Ticket) -> set[int]:
    """The offices that handle it, leading or assisting."""
    query = select(TicketAssist.office_id).where(TicketAssist.ticket_id == ticket.id)
    return {*db.scalars(query)} | ({ticket.office_id} if ticket.office_id else set())


def _hidden(ticket: Ticket) -> bool:
    """True when the office concerned must not learn who wrote (会计法 第二十八条 and the like)."""
    return ticket.anonymous or ticket.kind == "complaint"
