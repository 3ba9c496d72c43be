"""Tickets, clerks and calendars for tests, made by the product's own verbs."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bureau.feedback import handling
from bureau.feedback.models import Ticket
from bureau.feedback.tickets import Letter, Submitted, submit
from bureau.staff import accounts, demo, offices
from bureau.staff.models import Clerk, StaffOffice
from bureau.workdays import table
from core.clock import SHANGHAI
from core.privacy import Box

BOX = Box("test-data-key")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)  # a Monday
WORDS = "建议把收费目录做成一张表，方便群众查询。"
CITIZEN = "oCITIZEN0000000000000000001"
OTHER = "oCITIZEN0000000000000000002"


def later(days: float = 0, **span: float) -> datetime:
    return NOW + timedelta(days=days, **span)


def make_house(db: Session) -> None:
    """Calendar, offices and one demo clerk a role."""
    table.load_seed(db, NOW)
    offices.load_samples(db)
    demo.ensure_demo(db, NOW)


def clerk(db: Session, role: str) -> Clerk:
    return accounts.require(db, f"demo-{role}")


def office(db: Session, slug: str = "fees") -> StaffOffice:
    return accounts.office_by_slug(db, slug)


def hand_in(
    db: Session,
    key: str = "m1",
    *,
    text: str = WORDS,
    openid: str | None = CITIZEN,
    kind: str = "suggestion",
    now: datetime = NOW,
) -> Submitted:
    return submit(db, Letter(kind, text, openid), now, message_key=key, box=BOX)


def make_ticket(db: Session, key: str = "m1", *, assigned: bool = False) -> Ticket:
    ticket = hand_in(db, key).ticket
    if assigned:
        handling.assign(db, ticket, office(db), clerk(db, "general_office"), NOW)
    return ticket
