"""Who follows the account: told by events, by messages, and by pulling WeChat's list."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.followers import tags, topics
from bot.followers.models import Follower
from core.clock import from_timestamp


def subscribed(db: Session, openid: str, now: datetime, scene: str = "") -> bool:
    """Somebody follows the account; True when they are new or came back. Safe to repeat."""
    follower = db.get(Follower, openid)
    if follower is None:
        db.add(Follower(openid=openid, following=True, scene=scene, subscribed_at=now, seen_at=now))
        db.flush()
        return True
    came_back = not follower.following
    if came_back:
        follower.subscribed_at, follower.scene = now, scene
    follower.following, follower.unsubscribed_at = True, None
    return came_back


def unsubscribed(db: Session, openid: str, now: datetime) -> None:
    """Somebody stopped following: their topics end with that reason. Safe to repeat."""
    follower = db.get(Follower, openid)
    if follower is None:
        db.add(Follower(openid=openid, following=False, unsubscribed_at=now))
    elif follower.following:
        follower.following, follower.unsubscribed_at = False, now
    topics.unfollow_all(db, openid, now, "unsubscribed")
    tags.forget(db, openid)


def note_seen(db: Session, rows: Iterable[Mapping[str, Any]], _now: datetime) -> None:
    """People who wrote or tapped are followers, whether or not we saw them come.

    rows: {"openid", "trigger", "at"}, `at` in Unix seconds, ISO text or a moment.
    """
    latest: dict[str, datetime] = {}
    for row in rows:
        at = moment_of(row["at"])
        openid = str(row["openid"])
        latest[openid] = max(at, latest.get(openid, at))
    known = set(db.scalars(select(Follower.openid).where(Follower.openid.in_(latest))))
    new = [
        {"openid": openid, "following": True, "scene": "", "subscribed_at": None, "seen_at": at}
        for openid, at in latest.items()
        if openid not in known
    ]
    if new:
        db.execute(insert(Follower), new)
    for openid in known:
        db.execute(update(Follower).where(Follower.openid == openid).values(seen_at=latest[openid]))


def moment_of(value: Any) -> datetime:
    """Unix seconds, ISO text with a zone, or an aware moment → a moment."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and not value.isdigit():
        return datetime.fromisoformat(value)
    return from_timestamp(int(value))
