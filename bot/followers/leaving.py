"""Who leaves the account stays in the rows under an alias; who returns in time is recognised.

WeChat asks to delete a person's data on `unsubscribe` (developers.weixin.qq.com/doc/service,
Account_Management). The openid is replaced everywhere by an HMAC under the key of the quarter.
While that key is kept, the same openid gives the same alias; once it is destroyed nobody, we
included, can tell whose rows they were.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import (
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.followers.models import Follower, LeavingKey
from core.clock import SHANGHAI
from core.db import Base
from core.privacy import Box

PREFIX = "gone-"
KEPT_QUARTERS = 2  # whole quarters after the one in which a person left
PAGE = 500
RECENT = timedelta(minutes=30)


def leave(db: Session, box: Box, openid: str, now: datetime) -> str:
    """Replace a person's openid everywhere by their alias of this quarter; gives the alias."""
    alias = _alias(_key(db, box, now), openid)
    rename(db, openid, alias)
    return alias


def come_back(db: Session, box: Box, openid: str) -> bool:
    """Give a person who left their rows again; False when nobody is recognised."""
    aliases = [_alias(key, openid) for key in _keys(db, box)]
    known = db.scalars(select(Follower.openid).where(Follower.openid.in_(aliases))).all()
    for alias in known:
        rename(db, alias, openid)
    return bool(known)


def rename(db: Session, old: str, new: str) -> None:
    """One openid for another, in every table that has one.

    Where both have a row that may be there once, the one of `new` stays.
    """
    db.flush()
    for table in Base.metadata.sorted_tables:
        if "openid" in table.c:
            _rename_in(db, table, old, new)
    db.expire_all()


def strays(db: Session, box: Box, now: datetime) -> tuple[list[str], list[str]]:
    """People whose rows stand under openid and alias alike: (returned unseen, still gone).

    A message may be written down after its sender has left, and a return may be seen first by
    the list that WeChat gives; both are told by which happened later.
    """
    keys = _keys(db, box)
    back: list[str] = []
    gone: list[str] = []
    for page in _lately_seen(db, now) if keys else ():
        person_of = {_alias(key, openid): openid for openid in page for key in keys}
        left = select(Follower.openid, Follower.unsubscribed_at).where(
            Follower.openid.in_(person_of)
        )
        for alias, left_at in db.execute(left).all():
            seen_at = page[person_of[alias]]
            (back if left_at is None or seen_at > left_at else gone).append(person_of[alias])
    return back, gone


def unlisted(db: Session, limit: int = 500) -> list[str]:
    """People known to have left, by WeChat's list and without an event, not yet renamed."""
    left = ~Follower.following & ~Follower.openid.startswith(PREFIX, autoescape=True)
    return list(db.scalars(select(Follower.openid).where(left).limit(limit)))


def destroy_old_keys(db: Session, now: datetime) -> int:
    """Keys of quarters that ended more than two whole quarters ago are gone for good."""
    old = LeavingKey.number < _number(now) - KEPT_QUARTERS
    destroyed = db.scalars(delete(LeavingKey).where(old).returning(LeavingKey.number))
    return len(destroyed.all())


def _lately_seen(db: Session, now: datetime) -> Iterator[dict[str, datetime]]:
    """Pages of followers nobody greeted who were seen or listed lately: openid → latest moment."""
    latest = func.coalesce(Follower.seen_at, Follower.listed_at)
    since = now - RECENT
    lately = (Follower.seen_at >= since) | (Follower.listed_at >= since)
    unmet = select(Follower.openid, latest).where(lately, Follower.subscribed_at.is_(None))
    after = ""
    while True:
        rows = db.execute(
            unmet.where(Follower.openid > after).order_by(Follower.openid).limit(PAGE)
        ).all()
        if not rows:
            return
        after = rows[-1][0]
        yield {openid: at for openid, at in rows if not openid.startswith(PREFIX)}


def _rename_in(db: Session, table: Table, old: str, new: str) -> None:
    mine = table.c.openid == old
    for others in _unique_beside_openid(table):
        twin = table.alias()
        there = exists().where(twin.c.openid == new, *(twin.c[n] == table.c[n] for n in others))
        if table.c.openid.nullable:
            db.execute(update(table).where(mine, there).values(openid=None))
        else:
            db.execute(delete(table).where(mine, there))
    values: dict[str, object] = {"openid": new}
    if "key" in table.c:  # receipts are known by a key that holds the openid
        values["key"] = func.replace(table.c.key, old, new)
    db.execute(update(table).where(mine).values(**values))


def _unique_beside_openid(table: Table) -> list[list[str]]:
    """For each rule that lets an openid stand once: the columns it stands once with."""
    rules = [c for c in table.constraints if isinstance(c, UniqueConstraint | PrimaryKeyConstraint)]
    whole = [i for i in table.indexes if isinstance(i, Index) and i.unique and not _partial(i)]
    named = [[column.name for column in rule.columns] for rule in (*rules, *whole)]
    return [[n for n in names if n != "openid"] for names in named if "openid" in names]


def _partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


def _alias(key: bytes, openid: str) -> str:
    digest = hmac.new(key, openid.encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def _key(db: Session, box: Box, now: datetime) -> bytes:
    """This quarter's key, made when it is first wanted."""
    number = _number(now)
    row = db.get(LeavingKey, number)
    if row is None:
        row = LeavingKey(number=number, key_sealed=box.seal(secrets.token_hex(32)), made_at=now)
        db.add(row)
        db.flush()
    return bytes.fromhex(box.open(row.key_sealed))


def _keys(db: Session, box: Box) -> list[bytes]:
    rows = db.scalars(select(LeavingKey).order_by(LeavingKey.number.desc()))
    return [bytes.fromhex(box.open(row.key_sealed)) for row in rows]


def _number(now: datetime) -> int:
    """Quarters counted through the years: 2026 Q4 is 8107."""
    day = now.astimezone(SHANGHAI)
    return day.year * 4 + (day.month - 1) // 3
