"""A clerk's own WeChat, bound by a one-time code that the console shows."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bureau.staff import audit
from bureau.staff.links import digest
from bureau.staff.models import Clerk, SetupLink
from core.errors import NotFound
from core.numbering import secret_code

PURPOSE = "bind"
LIFE = timedelta(minutes=10)
CODE_LENGTH = 12


def offer(db: Session, clerk: Clerk, now: datetime) -> str:
    """A code the clerk sends as 绑定 CODE within ten minutes; earlier ones stop working."""
    db.execute(
        update(SetupLink)
        .where(
            SetupLink.purpose == PURPOSE,
            SetupLink.clerk_id == clerk.id,
            SetupLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
    code = secret_code(CODE_LENGTH)
    db.add(
        SetupLink(purpose=PURPOSE, digest=digest(code), clerk_id=clerk.id, expires_at=now + LIFE)
    )
    return code


def accept(db: Session, code: str, openid: str, now: datetime) -> Clerk:
    """Bind this person to the code's clerk. Raises NotFound for a wrong, used or late code."""
    query = select(SetupLink).where(
        SetupLink.purpose == PURPOSE, SetupLink.digest == digest(code.strip().upper())
    )
    link = db.scalar(query.with_for_update())
    clerk = db.get(Clerk, link.clerk_id) if link is not None else None
    if link is None or clerk is None or link.used_at is not None or link.expires_at <= now:
        raise NotFound("绑定码无效或已过期，请在工作台重新获取。")
    link.used_at = now
    db.execute(update(Clerk).where(Clerk.openid == openid).values(openid=None))
    clerk.openid = openid
    audit.note(db, clerk, "staff.bind", f"clerk:{clerk.name}", now)
    return clerk


def release(db: Session, clerk: Clerk, now: datetime) -> None:
    """The clerk's WeChat answers no more."""
    clerk.openid = None
    audit.note(db, clerk, "staff.unbind", f"clerk:{clerk.name}", now)


def clerk_of(db: Session, openid: str) -> Clerk | None:
    """The active clerk whose WeChat this is."""
    return db.scalar(select(Clerk).where(Clerk.openid == openid, Clerk.active.is_(True)))
