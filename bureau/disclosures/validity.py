"""A published document loses its effect: repealed by a clerk, or its validity runs out.

What rests on it elsewhere, answers above all, learns of it by a fact.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.disclosures.kinds import day_of
from bureau.disclosures.models import Disclosure
from bureau.disclosures.publish import subject_of
from bureau.disclosures.states import State
from bureau.facts import told
from bureau.facts.models import Fact
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core import clock
from core.errors import IllegalMove, Refusal

DOCUMENT = "normative_document"
REPEALED, EXPIRED = "repealed", "expired"


def repeal(
    db: Session, disclosure: Disclosure, on: date, reason: str, by: Clerk, now: datetime
) -> None:
    """The document is without effect from `on` on. Raises Refusal without a reason, IllegalMove
    for what is no published document or has ended before.
    """
    roles.require(by.role, "disclosures.publish")
    if disclosure.kind != DOCUMENT or disclosure.state != State.PUBLISHED:
        raise IllegalMove("只有已发布的规范性文件可以标记废止。")
    if not reason.strip():
        raise Refusal("请写明废止的依据或理由。")
    if not _tell(db, disclosure, REPEALED, on, reason.strip(), now):
        raise IllegalMove("这份文件已经标记过失效。")
    subject = subject_of(disclosure)
    audit.note(db, by, "disclosure.repeal", subject, now, on=str(on), reason=reason.strip())


def any_run_out(db: Session, now: datetime) -> bool:
    """Whether a document's last day has passed and nobody was told."""
    return bool(_passed(db, now))


def run_out(db: Session, now: datetime) -> int:
    """Published documents whose validity has passed have ended the day after; how many."""
    passed = _passed(db, now)
    for disclosure, until in passed:
        _tell(db, disclosure, EXPIRED, until + timedelta(days=1), "", now)
    return len(passed)


def ending(db: Session, disclosure: Disclosure) -> Fact | None:
    """How and from which day the document is without effect; None while it is in force."""
    return told.one(db, told.DOCUMENT_ENDED, subject_of(disclosure))


def _passed(db: Session, now: datetime) -> list[tuple[Disclosure, date]]:
    """Documents in force on whose last day the sun has set, and that day."""
    mine = (Disclosure.kind == DOCUMENT) & (Disclosure.state == State.PUBLISHED)
    ended = set(db.scalars(select(Fact.subject).where(Fact.kind == told.DOCUMENT_ENDED)))
    today, found = clock.day_of(now), []
    for one in db.scalars(select(Disclosure).where(mine)):
        until = day_of(one.fields.get("valid_until"))
        if until is not None and until < today and subject_of(one) not in ended:
            found.append((one, until))
    return found


def _tell(
    db: Session, disclosure: Disclosure, how: str, on: date, reason: str, now: datetime
) -> bool:
    number = str(disclosure.fields.get("document_number") or "")
    data = {"number": number, "how": how, "on": on.isoformat(), "reason": reason}
    return told.tell(db, told.DOCUMENT_ENDED, subject_of(disclosure), now, data)
