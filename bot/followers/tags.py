"""Topics mirrored as tags of WeChat: who should carry a tag, and whom WeChat must still be told of.

A follow or an end only notes that a person has come into doubt; the calls are made by a job
(bot/outbound/tagging.py), which asks these rows what is true by then. So it may be stopped, lost
or run twice: what is not told stays due, and telling WeChat again changes nothing.
A tag means: told at once. Who asked for a digest does not carry it, and would be told twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, func, or_, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.followers import audience
from bot.followers.models import Follow, TagMark, TopicTag
from core.db import Moment

PART = 5_000
LEASE = timedelta(seconds=60)
# Both databases know it, and a person who follows while the list is pulled is no error.
TOUCH = text(
    "INSERT INTO topic_tag_marks (topic, openid, carried, changes, refused) "
    "VALUES (:topic, :openid, :carried, 1, 0) ON CONFLICT (topic, openid) "
    "DO UPDATE SET changes = topic_tag_marks.changes + 1, refused = 0"
)
LISTED = text(
    "INSERT INTO topic_tag_marks (topic, openid, carried, changes, refused, listed_at) "
    "VALUES (:topic, :openid, :carried, 0, 0, :at) ON CONFLICT (topic, openid) "
    "DO UPDATE SET carried = :carried, listed_at = :at"
).bindparams(bindparam("at", type_=Moment))
TOLD = text(
    "UPDATE topic_tag_marks SET carried = :carried, refused = :refused, "
    "changes = CASE WHEN changes = :seen THEN 0 ELSE changes END "
    "WHERE topic = :topic AND openid = :openid"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A person WeChat must be told of. seen: the count of changes that telling settles."""

    openid: str
    wanted: bool
    seen: int


@dataclass(frozen=True, slots=True)
class Mirror:
    """How a topic's tag stands: people who carry it, who are still to be told of, refused ones."""

    tag_id: int | None
    trouble: int
    carried: int
    due: int
    refused: int


def touch(db: Session, slug: str, openids: Iterable[str]) -> None:
    """What WeChat knows of these people and this topic may be wrong now; no mirror: nothing."""
    people = list(openids)
    if people and db.get(TopicTag, slug) is not None:
        db.execute(TOUCH, [{"topic": slug, "openid": o, "carried": False} for o in people])


def forget(db: Session, openid: str) -> None:
    """Somebody left the account: WeChat sends them nothing, and we keep no trace of them here."""
    db.execute(delete(TagMark).where(TagMark.openid == openid))


def begin(db: Session, slug: str) -> TopicTag:
    """The topic's mirror, made when there is none; former trouble is forgotten."""
    row = db.get(TopicTag, slug)
    if row is None:
        row = TopicTag(topic=slug)
        db.add(row)
    row.trouble = 0
    db.flush()
    return row


def wanted_but_missing(db: Session, slug: str, after: str) -> str:
    """The next followers who should carry the tag and do not, noted as due; gives the cursor.

    Empty at the end. PART people a step, so a transaction stays short.
    """
    people = list(db.scalars(audience.people(slug).where(Follow.openid > after).limit(PART)))
    mine = (TagMark.topic == slug, TagMark.openid.in_(people))
    well = select(TagMark.openid).where(*mine, or_(TagMark.carried, TagMark.changes > 0))
    known = set(db.scalars(well))
    touch(db, slug, (openid for openid in people if openid not in known))
    return people[-1] if len(people) == PART else ""


def carried_but_unwanted(db: Session, slug: str) -> int:
    """The next people who carry the tag and should not, noted as due; 0 at the end."""
    told_at_once = audience.people(slug).order_by(None).where(Follow.openid == TagMark.openid)
    extra = (TagMark.topic == slug, TagMark.carried, TagMark.changes == 0)
    query = select(TagMark.openid).where(*extra, ~told_at_once.exists()).limit(PART)
    people = list(db.scalars(query))
    touch(db, slug, people)
    return len(people)


def keep_listed(db: Session, slug: str, openids: Sequence[str], now: datetime) -> None:
    """WeChat's own list names these people as carriers."""
    rows = [{"topic": slug, "openid": o, "carried": True, "at": now} for o in openids]
    if rows:
        db.execute(LISTED, rows)


def drop_unlisted(db: Session, slug: str, since: datetime) -> int:
    """The next people whom WeChat's list, pulled since then, did not name: they carry nothing."""
    unseen = or_(TagMark.listed_at.is_(None), TagMark.listed_at < since)
    query = select(TagMark.openid).where(TagMark.topic == slug, TagMark.carried, unseen)
    people = list(db.scalars(query.limit(PART)))
    mine = (TagMark.topic == slug, TagMark.openid.in_(people))
    db.execute(update(TagMark).where(*mine).values(carried=False))
    return len(people)


def doubts(db: Session, slug: str, limit: int) -> list[Doubt]:
    """The next people WeChat must be told of, and what is true of them now."""
    told_at_once = audience.people(slug).order_by(None).where(Follow.openid == TagMark.openid)
    query = (
        select(TagMark.openid, told_at_once.exists().label("wanted"), TagMark.changes)
        .where(TagMark.topic == slug, TagMark.changes > 0)
        .order_by(TagMark.openid)
        .limit(limit)
    )
    return [Doubt(row.openid, bool(row.wanted), row.changes) for row in db.execute(query)]


def settle(db: Session, slug: str, told: Iterable[Doubt], refused: int = 0) -> None:
    """WeChat has been told of these people (or refuses them). Who changed meanwhile stays due."""
    rows = [
        {
            "topic": slug,
            "openid": one.openid,
            "seen": one.seen,
            "carried": one.wanted and not refused,
            "refused": refused,
        }
        for one in told
    ]
    if rows:
        db.execute(TOLD, rows)


def start_anew(db: Session, slug: str) -> None:
    """The tag is gone in WeChat: nobody carries it, a new one will be made."""
    row = db.get_one(TopicTag, slug)
    row.tag_id = None
    db.flush()


def lease(db: Session, slug: str, wall: datetime) -> bool:
    """True when the topic is now ours to tag, for LEASE."""
    free = or_(TopicTag.lease_until.is_(None), TopicTag.lease_until < wall)
    held = {"lease_until": wall + LEASE}
    taken = db.execute(update(TopicTag).where(TopicTag.topic == slug, free).values(**held))
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def prolong(db: Session, slug: str, wall: datetime | None) -> None:
    """Keep the lease for LEASE from now; None: give it back."""
    until = wall + LEASE if wall else None
    db.execute(update(TopicTag).where(TopicTag.topic == slug).values(lease_until=until))


def due_topics(db: Session, wall: datetime) -> list[str]:
    """Mirrored topics without trouble that nobody works on and that have people to tell of."""
    free = or_(TopicTag.lease_until.is_(None), TopicTag.lease_until < wall)
    people = exists().where(TagMark.topic == TopicTag.topic, TagMark.changes > 0)
    something = or_(people, TopicTag.tag_id.is_(None))
    query = select(TopicTag.topic).where(free, TopicTag.trouble == 0, something)
    return list(db.scalars(query.order_by(TopicTag.topic)))


def mirror(db: Session, slug: str) -> Mirror | None:
    """How the topic's tag stands; None while it has none."""
    row = db.get(TopicTag, slug)
    if row is None:
        return None
    counts = db.execute(
        select(
            func.count().filter(TagMark.carried),
            func.count().filter(TagMark.changes > 0),
            func.count().filter(TagMark.refused > 0),
        ).where(TagMark.topic == slug)
    ).one()
    return Mirror(row.tag_id, row.trouble, *counts)
