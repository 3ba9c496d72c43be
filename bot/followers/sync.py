"""Pulling WeChat's list of followers: page by page, resumable, and the same when run again."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.followers import tags
from bot.followers.models import Follow, Follower, Sync, Topic
from core.errors import NotFound

RESUME_WITHIN = timedelta(hours=6)
PART = 500


def resume_or_begin(db: Session, now: datetime) -> Sync:
    """An unfinished pull of the last hours goes on at its cursor; else a new one begins."""
    newest = db.scalar(select(Sync).order_by(Sync.id.desc()).limit(1))
    if newest and newest.finished_at is None and now - newest.started_at < RESUME_WITHIN:
        return newest
    sync = Sync(started_at=now)
    db.add(sync)
    db.flush()
    return sync


def keep_page(
    db: Session, sync_id: int, openids: tuple[str, ...], after: str, now: datetime
) -> int:
    """Take in one page and its cursor in one transaction; gives how many people were new.

    An empty `after` ends the pull: followers it did not name have left meanwhile.
    """
    sync = db.get_one(Sync, sync_id)
    new = 0
    for start in range(0, len(openids), PART):
        new += _keep(db, openids[start : start + PART], now)
    sync.after, sync.pulled = after, sync.pulled + len(openids)
    if not after:
        sync.finished_at = now
        _forget_the_gone(db, sync)
    return new


def _keep(db: Session, openids: tuple[str, ...], now: datetime) -> int:
    mine = Follower.openid.in_(openids)
    known = set(db.scalars(select(Follower.openid).where(mine)))
    here = {"following": True, "unsubscribed_at": None, "listed_at": now}
    db.execute(update(Follower).where(mine).values(**here))
    new = [{"openid": o, "scene": "", **here} for o in openids if o not in known]
    if new:
        db.execute(insert(Follower), new)
    return len(new)


def _forget_the_gone(db: Session, sync: Sync) -> None:
    """Who was not on WeChat's list and has not shown themselves since the pull began, has left."""
    unseen = (Follower.listed_at.is_(None)) | (Follower.listed_at < sync.started_at)
    quiet = (Follower.seen_at.is_(None)) | (Follower.seen_at < sync.started_at)
    came = (Follower.subscribed_at.is_(None)) | (Follower.subscribed_at < sync.started_at)
    db.execute(
        update(Follower)
        .where(Follower.following, unseen, quiet, came)
        .values(following=False, unsubscribed_at=sync.started_at)
    )


def all_follow(
    db: Session, slug: str, after: str, now: datetime, limit: int = 5_000
) -> tuple[str, int]:
    """Give the next followers a topic (accounts that moved in): → (cursor, how many more follow).

    The cursor is empty at the end. Raises NotFound.
    """
    if db.get(Topic, slug) is None:
        raise NotFound(f"没有“{slug}”这个主题")
    people = select(Follower.openid).where(Follower.following, Follower.openid > after)
    openids = list(db.scalars(people.order_by(Follower.openid).limit(limit)))
    new = 0
    for start in range(0, len(openids), PART):
        part = openids[start : start + PART]
        mine = (Follow.topic == slug, Follow.openid.in_(part))
        has = set(db.scalars(select(Follow.openid).where(*mine)))
        rows = [
            {"topic": slug, "openid": o, "since": now, "source": "moved"}
            for o in part
            if o not in has
        ]
        if rows:
            db.execute(insert(Follow), rows)
            tags.touch(db, slug, (o for o in part if o not in has))
        new += len(rows)
    return (openids[-1] if len(openids) == limit else ""), new
