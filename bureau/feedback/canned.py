"""常用语: sentences clerks use again and again, kept by the general office."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback.models import CannedSentence
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import NotFound, Refusal

LONGEST, MOST = 500, 100


def everything(db: Session) -> list[CannedSentence]:
    """In the order they were added."""
    return list(db.scalars(select(CannedSentence).order_by(CannedSentence.id)))


def add(db: Session, text: str, by: Clerk, now: datetime) -> CannedSentence:
    """Raises Refusal for an empty, overlong or repeated sentence, or one too many."""
    roles.require(by.role, "feedback.assign")
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refusal(f"常用语须为1到{LONGEST}个字。")
    there = [one.text for one in everything(db)]
    if text in there:
        raise Refusal("这句常用语已经有了。")
    if len(there) >= MOST:
        raise Refusal(f"常用语最多{MOST}句，请先删去不用的。")
    row = CannedSentence(text=text)
    db.add(row)
    audit.note(db, by, "canned.add", "canned", now, text=text)
    return row


def remove(db: Session, number: int, by: Clerk, now: datetime) -> None:
    """Raises NotFound."""
    roles.require(by.role, "feedback.assign")
    row = db.get(CannedSentence, number)
    if row is None:
        raise NotFound("没有这句常用语。")
    audit.note(db, by, "canned.remove", "canned", now, text=row.text)
    db.delete(row)
