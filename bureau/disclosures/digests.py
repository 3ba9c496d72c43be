"""Once a day or once a week: what went out in the topics a person follows, in one notice.

A digest is made at 18:00, the weekly one on Fridays. What a person has had by itself is not in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bot.followers.models import Follow, Follower, Pace
from bot.outbound import outbox
from bot.outbound.models import Delivery, Push
from bot.outbound.notice import DISCLOSURE, Person
from bot.outbound.states import PushState
from bureau.disclosures import digest_notice
from bureau.disclosures.models import Digest
from core.clock import SHANGHAI
from core.db import Database

AT = time(18)
FRIDAY = 4
PEOPLE = 200  # in one transaction


def make_all(database: Database, now: datetime) -> int:
    """Every digest that is due, in short transactions; gives how many were made."""
    made = 0
    for pace in (Pace.DAILY, Pace.WEEKLY):
        while True:
            with database.read() as db:
                people = due(db, pace, now)
            if not people:
                break
            with database.write() as db:
                made += make(db, people, pace, now)
    return made


def period_of(pace: Pace, now: datetime) -> tuple[str, datetime]:
    """The name and the end of the last day or week that is over."""
    end = datetime.combine(now.astimezone(SHANGHAI).date(), AT, SHANGHAI)
    if end > now:
        end -= timedelta(days=1)
    if pace is Pace.DAILY:
        return f"{end:%Y-%m-%d}", end
    end -= timedelta(days=(end.weekday() - FRIDAY) % 7)
    return f"{end:%G-W%V}", end


def due(db: Session, pace: Pace, now: datetime) -> list[str]:
    """The next people whose digest has not been looked at yet; empty when all have."""
    name, end = period_of(pace, now)
    has_one = exists().where(Digest.openid == Follow.openid, Digest.period == name)
    people = (
        select(Follow.openid)
        .distinct()
        .join(Follower, Follower.openid == Follow.openid)
        .where(_paced(pace, end), Follower.following, ~has_one)
    )
    return list(db.scalars(people.order_by(Follow.openid).limit(PEOPLE)))


def make(db: Session, people: list[str], pace: Pace, now: datetime) -> int:
    """Digests of these people, each with its push; who has nothing new gets none."""
    name, end = period_of(pace, now)
    mine = Follow.openid.in_(people)
    follows: dict[str, list[Follow]] = defaultdict(list)
    for row in db.scalars(select(Follow).where(mine, _paced(pace, end)).with_for_update()):
        follows[row.openid].append(row)
    since = min(
        (r.told_until for rows in follows.values() for r in rows if r.told_until), default=end
    )
    pushes = _told_between(db, since, end)
    had = _had(db, list(follows), [push.id for push in pushes])
    made = 0
    for openid, rows in follows.items():
        news = [push for push in pushes if _is_news(push, rows, openid, had)]
        if news:
            _put(db, openid, name, news, pace, now)
            made += 1
        for row in rows:
            row.told_until = None if row.pace == Pace.NOW else end
    db.flush()
    return made


def _paced(pace: Pace, end: datetime) -> ColumnElement[bool]:
    """Follows of this pace; who went back to `now` has what is left in a last daily one."""
    paces = (pace, Pace.NOW) if pace is Pace.DAILY else (pace,)
    return Follow.pace.in_(paces) & (Follow.told_until < end)


def _told_between(db: Session, since: datetime, end: datetime) -> list[Push]:
    told = (Push.planned_at > since) & (Push.planned_at <= end)
    public = (Push.purpose == DISCLOSURE) & Push.topic.is_not(None)
    alive = Push.state != PushState.CANCELLED
    return list(db.scalars(select(Push).where(told, public, alive).order_by(Push.planned_at)))


def _had(db: Session, people: list[str], push_ids: list[int]) -> set[tuple[int, str]]:
    """(push, person) of what these people have had by itself."""
    mine = Delivery.openid.in_(people), Delivery.push_id.in_(push_ids)
    rows = db.execute(select(Delivery.push_id, Delivery.openid).where(*mine)) if push_ids else ()
    return {(row[0], row[1]) for row in rows}


def _is_news(push: Push, follows: Iterable[Follow], openid: str, had: set[tuple[int, str]]) -> bool:
    if (push.id, openid) in had or push.planned_at is None:
        return False
    return any(
        row.topic == push.topic and row.told_until is not None and row.told_until < push.planned_at
        for row in follows
    )


def _put(
    db: Session, openid: str, period: str, news: list[Push], pace: Pace, now: datetime
) -> None:
    digest = Digest(openid=openid, period=period, made_at=now)
    db.add(digest)
    db.flush()
    titles = [(push.title, push.notice.url) for push in news]
    notice = digest_notice.write(titles, pace is Pace.DAILY, now)
    push = outbox.put(db, notice, Person(openid), now, origin_key=f"digest:{digest.id}")
    digest.push_id = push.id
