"""One-time links: how the first administrator comes in, without a password in any file."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bureau.staff import accounts, audit
from bureau.staff.models import Clerk, SetupLink
from core.errors import NotFound

FIRST = "first_admin"
LIFE = timedelta(hours=24)
GONE = "链接无效或已经用过，请重新启动系统获取新的链接。"


def first_administrator(db: Session, now: datetime) -> str | None:
    """A new token for the first administrator, shown once; None when there is one already.

    Tokens given before stop working.
    """
    if has_administrator(db):
        return None
    db.execute(
        update(SetupLink)
        .where(SetupLink.purpose == FIRST, SetupLink.used_at.is_(None))
        .values(used_at=now)
    )
    token = secrets.token_urlsafe(24)
    db.add(SetupLink(purpose=FIRST, digest=digest(token), expires_at=now + LIFE))
    return token


def is_open(db: Session, token: str, now: datetime) -> bool:
    """True while the token opens the page where the first administrator signs up."""
    link = db.scalar(select(SetupLink).where(SetupLink.digest == digest(token)))
    return link is not None and _usable(link, now) and not has_administrator(db)


def accept(db: Session, token: str, name: str, password: str, now: datetime) -> Clerk:
    """Use the token up: the first administrator, with the password just chosen.

    Raises NotFound for a token that is wrong, used, old or too late, Refusal for a bad password.
    """
    query = select(SetupLink).where(SetupLink.digest == digest(token)).with_for_update()
    link = db.scalar(query)
    if link is None or not _usable(link, now) or has_administrator(db):
        raise NotFound(GONE)
    once = accounts.add(db, name, "admin", now)
    clerk = accounts.require(db, name)
    accounts.change_password(db, clerk, once, password, now)
    link.used_at, link.clerk_id = now, clerk.id
    audit.note(db, clerk, "staff.first_administrator", f"clerk:{clerk.name}", now)
    return clerk


def has_administrator(db: Session) -> bool:
    """True when somebody real (no demo account) administers the house."""
    query = select(func.count(Clerk.id)).where(
        Clerk.role == "admin", Clerk.demo.is_(False), Clerk.active.is_(True)
    )
    return bool(db.scalar(query))


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _usable(link: SetupLink, now: datetime) -> bool:
    return link.purpose == FIRST and link.used_at is None and link.expires_at > now
