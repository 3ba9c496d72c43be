"""Who may see a ticket from outside: its sender, or somebody with number and secret code."""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bureau.feedback.models import CodeTries, Ticket
from bureau.feedback.tickets import code_digest
from core.errors import Refusal
from core.numbering import is_number

TRIES = 5
SPAN = timedelta(hours=1)
NOBODY = "0" * 32  # the salt that is compared with when there is no such ticket


class TooManyTries(Refusal):
    """This source has guessed too often within the hour."""

    status = 429


def for_person(db: Session, openid: str, limit: int = 20) -> list[Ticket]:
    """The person's own tickets, newest first."""
    query = select(Ticket).where(Ticket.openid == openid)
    return list(db.scalars(query.order_by(Ticket.id.desc()).limit(limit)))


def own(db: Session, openid: str, number: str) -> Ticket | None:
    """The person's own ticket of this number; None for another's as for none."""
    query = select(Ticket).where(Ticket.openid == openid, Ticket.number == tidy(number))
    return db.scalar(query)


def by_code(db: Session, number: str, code: str, source: str, now: datetime) -> Ticket | None:
    """The ticket that number and code open; None when they do not, whichever is wrong.

    `source`: whom the tries are counted for (an address or a person); commit either way.
    Raises TooManyTries after 5 failures within an hour.
    """
    tries = _tries(db, source, now)
    if tries.tries >= TRIES:
        raise TooManyTries("查询次数过多，请一小时后再试。")
    number, code = tidy(number), tidy(code)
    found = db.scalar(select(Ticket).where(Ticket.number == number)) if is_number(number) else None
    salt, digest = (found.code_salt, found.code_digest) if found else (NOBODY, NOBODY)
    if hmac.compare_digest(code_digest(salt, code), digest):
        return found
    tries.tries += 1
    return None


def forget_old(db: Session, now: datetime) -> None:
    """Delete counts that no longer count."""
    db.execute(delete(CodeTries).where(CodeTries.since < now - SPAN))


def tidy(text: str) -> str:
    """A number or code as people type it → as we keep it: capitals, without blanks."""
    return text.strip().upper().replace(" ", "").replace("－", "-").replace("—", "-")


def _tries(db: Session, source: str, now: datetime) -> CodeTries:
    """The count of this source, held until the transaction ends so that nobody races past it."""
    dialect = sqlite if db.get_bind().dialect.name == "sqlite" else postgresql
    name = hashlib.sha256(source.encode()).hexdigest()  # addresses of people are not kept
    first = dialect.insert(CodeTries).values(source=name, since=now, tries=0)
    db.execute(first.on_conflict_do_nothing())
    query = select(CodeTries).where(CodeTries.source == name).with_for_update()
    row = db.scalars(query, execution_options={"populate_existing": True}).one()
    if now - row.since >= SPAN:
        row.since, row.tries = now, 0
    return row
