"""Topics as data: what may be followed, by which words, and who follows what."""

import json
import unicodedata
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.followers import tags
from bot.followers.models import Follow, FollowEnding, Follower, Pace, Topic
from core.errors import NotFound
from core.settings import ROOT

REFERENCE = ROOT / "seeds" / "topics.json"


def load_reference(db: Session, path: Path = REFERENCE) -> int:
    """Put in the topics of the reference file that are not there yet; gives how many.

    What the bureau has changed in a topic since stays as it is.
    """
    known = set(db.scalars(select(Topic.slug)))
    rows = json.loads(path.read_text("utf8"))
    new = [
        Topic(position=position, active=True, **row)
        for position, row in enumerate(rows)
        if row["slug"] not in known
    ]
    db.add_all(new)
    db.flush()
    return len(new)


def all(db: Session) -> list[Topic]:
    """The topics open to following, in the order staff gave them."""
    statement = select(Topic).where(Topic.active).order_by(Topic.position, Topic.slug)
    return list(db.scalars(statement))


def find(db: Session, words: str) -> Topic | None:
    """The topic meant by a slug, a name or one of its words; None when it is none of them."""
    wanted = _plain(words)
    if not wanted:
        return None
    for topic in all(db):
        if wanted in {_plain(word) for word in (topic.slug, topic.name, *topic.words)}:
            return topic
    return None


def get(db: Session, slug: str) -> Topic:
    """The topic with this slug, open or closed. Raises NotFound."""
    topic = db.get(Topic, slug)
    if topic is None:
        raise NotFound(f"没有“{slug}”这个主题")
    return topic


def follow(db: Session, openid: str, slug: str, now: datetime, source: str = "chat") -> bool:
    """Let a person follow a topic; False when they did already. Raises NotFound."""
    get(db, slug)
    if db.get(Follow, (slug, openid)) is not None:
        return False
    db.add(Follow(topic=slug, openid=openid, since=now, source=source))
    db.flush()
    tags.touch(db, slug, [openid])
    return True


def unfollow(db: Session, openid: str, slug: str, now: datetime, reason: str = "chat") -> bool:
    """End one following and keep why; False when there was none."""
    follow_row = db.get(Follow, (slug, openid))
    if follow_row is None:
        return False
    _end(db, follow_row, now, reason)
    return True


def unfollow_all(db: Session, openid: str, now: datetime, reason: str = "chat") -> list[str]:
    """End all of a person's followings; gives their slugs."""
    rows = db.scalars(select(Follow).where(Follow.openid == openid)).all()
    for row in rows:
        _end(db, row, now, reason)
    return [row.topic for row in rows]


def set_pace(
    db: Session, openid: str, pace: Pace, now: datetime, slug: str | None = None
) -> list[str]:
    """How often a person hears of one topic they follow, or of all; gives the topics' names."""
    mine = select(Follow, Topic.name).join(Topic, Topic.slug == Follow.topic)
    mine = mine.where(Follow.openid == openid).order_by(Topic.position, Topic.slug)
    rows = db.execute(mine.where(Follow.topic == slug) if slug else mine).all()
    for follow_row, _ in rows:
        if pace is not Pace.NOW:
            follow_row.told_until = follow_row.told_until or now
        follow_row.pace = pace
        tags.touch(db, follow_row.topic, [openid])
    db.flush()
    return [name for _, name in rows]


def of(db: Session, openid: str) -> list[Topic]:
    """What a person follows, in the order of the topics."""
    statement = (
        select(Topic)
        .join(Follow, Follow.topic == Topic.slug)
        .where(Follow.openid == openid)
        .order_by(Topic.position, Topic.slug)
    )
    return list(db.scalars(statement))


def counts(db: Session) -> dict[str, int]:
    """slug → followers who still follow the account, zero included."""
    statement = (
        select(Topic.slug, func.count(Follower.openid))
        .outerjoin(Follow, Follow.topic == Topic.slug)
        .outerjoin(Follower, (Follower.openid == Follow.openid) & Follower.following)
        .group_by(Topic.slug)
    )
    return {row[0]: row[1] for row in db.execute(statement)}


def _end(db: Session, row: Follow, now: datetime, reason: str) -> None:
    ending = FollowEnding(topic=row.topic, openid=row.openid, since=row.since)
    ending.ended_at, ending.reason = now, reason
    db.add(ending)
    db.delete(row)
    db.flush()
    tags.touch(db, row.topic, [row.openid])


def _plain(words: str) -> str:
    """Width, case, blanks and marks do not matter in a topic's name."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
