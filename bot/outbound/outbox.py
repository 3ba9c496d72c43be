"""The outbox: a change and its notice are rows of one transaction; workers read them later."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from bot.followers import audience
from bot.outbound import pushes
from bot.outbound.models import Delivery, Push, Segment
from bot.outbound.notice import TICKET, Audience, Notice, Topic
from bot.outbound.states import DeliveryState, PushState, SegmentState

HELD = (DeliveryState.PENDING, DeliveryState.WAITING)
WINDOW_HOLDS = 5  # the most 客服消息 that one message of a person allows


def put(
    db: Session,
    notice: Notice,
    to: Audience,
    now: datetime,
    *,
    origin_key: str,
    at: datetime | None = None,
    corrects: int | None = None,
) -> Push:
    """Queue one notice; the same `origin_key` again gives the push that is already there.

    `at`: not before that moment. `corrects`: only those whom that push reached get this one.
    """
    there = db.scalar(select(Push).where(Push.origin_key == origin_key))
    if there is not None:
        return there
    topic = to.slug if isinstance(to, Topic) else None
    openid = None if isinstance(to, Topic) else to.openid
    push = Push(
        purpose=notice.purpose,
        title=notice.title[:300],
        notice_json=notice.to_json(),
        topic=topic,
        openid=openid,
        urgent=notice.urgent,
        origin_key=origin_key,
        corrects_id=corrects,
        state=PushState.SCHEDULED if at and at > now else PushState.PLANNED,
        scheduled_at=at,
        audience=audience.count(db, topic) if topic else 1,
        created_at=now,
        moved_at=now,
    )
    db.add(push)
    db.flush()
    return push


def hand_over(db: Session, openids: Iterable[str], now: datetime) -> int:
    """Deliveries that waited for these people become pending, as their window has opened.

    A person's own newest matters go first, as many as a window holds: the rest waits for the
    next one. Gives how many were handed over.
    """
    people = list(dict.fromkeys(openids))
    moved = 0
    for start in range(0, len(people), 500):
        moved += _hand_over(db, people[start : start + 500], now)
    return moved


def note_seen(db: Session, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """People whose window the journal saw open. rows: {"openid", "trigger", "at"}."""
    hand_over(db, (str(row["openid"]) for row in rows if row.get("trigger")), now)


def _hand_over(db: Session, people: list[str], now: datetime) -> int:
    own_first = (Push.purpose != TICKET, Delivery.id.desc())
    place = func.row_number().over(partition_by=Delivery.openid, order_by=own_first)
    waiting = (
        select(Delivery.id, Delivery.segment_id, Delivery.push_id, place.label("place"))
        .join(Push, Push.id == Delivery.push_id)
        .where(
            Delivery.openid.in_(people),
            Delivery.state == DeliveryState.WAITING,
            Push.state != PushState.CANCELLED,
        )
        .subquery()
    )
    rows = db.execute(select(waiting).where(waiting.c.place <= WINDOW_HOLDS)).all()
    for start in range(0, len(rows), 1_000):
        part = rows[start : start + 1_000]
        chosen = Delivery.id.in_([row.id for row in part])
        db.execute(
            update(Delivery)
            .where(chosen, Delivery.state == DeliveryState.WAITING)
            .values(state=DeliveryState.PENDING, reason=None)
        )
        reopen(db, {row.segment_id for row in part}, {row.push_id for row in part}, now)
    return len(rows)


def reopen(db: Session, segments: set[int], finished: set[int], now: datetime) -> None:
    """Give segments back to the workers; a finished push is sending again."""
    db.execute(
        update(Segment)
        .where(Segment.id.in_(segments), Segment.state == SegmentState.DONE)
        .values(state=SegmentState.OPEN, not_before=None)
    )
    db.execute(
        update(Push)
        .where(Push.id.in_(finished), Push.state == PushState.DONE)
        .values(state=PushState.SENDING, moved_at=now)
    )


def drop_person(db: Session, openid: str) -> int:
    """Nothing more goes to somebody who stopped following; gives how many were dropped."""
    mine = select(Delivery.id).where(Delivery.openid == openid, Delivery.state.in_(HELD))
    ids = list(db.scalars(mine))
    db.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state.in_(HELD))
        .values(state=DeliveryState.SUPPRESSED, reason="unfollowed")
    )
    return len(ids)


def drop_topics(db: Session, openid: str, slugs: Iterable[str]) -> int:
    """Nothing more of these topics goes to somebody who stopped them; gives how many dropped."""
    of_topics = select(Push.id).where(Push.topic.in_(list(slugs)))
    held = (Delivery.openid == openid, Delivery.state.in_(HELD), Delivery.push_id.in_(of_topics))
    ids = list(db.scalars(select(Delivery.id).where(*held)))
    dropped = {"state": DeliveryState.SUPPRESSED, "reason": "stopped", "route": None}
    db.execute(
        update(Delivery).where(Delivery.id.in_(ids), Delivery.state.in_(HELD)).values(**dropped)
    )
    return len(ids)


def forget(db: Session, origin: str, instead: str, now: datetime) -> None:
    """Take the words out of the notices whose keys begin with `origin`; none goes out any more."""
    query = select(Push).where(Push.origin_key.startswith(origin, autoescape=True))
    for push in db.scalars(query).all():
        held = exists().where(Delivery.push_id == push.id, Delivery.state.in_(HELD))
        if push.state != PushState.DONE or db.scalar(select(held)):
            pushes.cancel(db, push.id, now)
        push.title = instead
        push.notice_json = replace(push.notice, title=instead, text=instead).to_json()


def waiting_for(db: Session, openid: str) -> int:
    """How many notices of their own matters wait for this person."""
    statement = (
        select(func.count())
        .select_from(Delivery)
        .join(Push, Push.id == Delivery.push_id)
        .where(
            Delivery.openid == openid,
            Delivery.state == DeliveryState.WAITING,
            Push.purpose == TICKET,
        )
    )
    return db.scalar(statement) or 0
