"""Who works on a segment: a lease on the machine's clock, taken and kept by conditional updates."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from bot.outbound.models import Delivery, Push, Segment
from bot.outbound.notice import TICKET
from bot.outbound.states import DeliveryState, PushState, SegmentState

QUEUED_LEASES = 2  # a segment in the queue is due again after this many leases
# A person's own matter first, then what a topic's followers wait for, then digests.
URGENCY = (Push.purpose != TICKET, Push.topic.is_(None))


def take(db: Session, segment_id: int, holder: str, wall: datetime, lease_s: float) -> bool:
    """True when the segment is now `holder`'s: it was open, or its holder's lease had ended."""
    taken = db.execute(
        update(Segment)
        .where(
            Segment.id == segment_id,
            or_(
                Segment.state == SegmentState.OPEN,
                (Segment.state == SegmentState.WORKING) & (Segment.lease_until < wall),
            ),
            or_(Segment.not_before.is_(None), Segment.not_before <= wall),
        )
        .values(
            state=SegmentState.WORKING,
            holder=holder,
            lease_until=wall + timedelta(seconds=lease_s),
        )
    )
    return _hit(taken)


def keep(db: Session, segment_id: int, holder: str, wall: datetime, lease_s: float) -> bool:
    """Lengthen the lease; False when somebody else has the segment by now."""
    kept = db.execute(
        update(Segment)
        .where(
            Segment.id == segment_id,
            Segment.holder == holder,
            Segment.state == SegmentState.WORKING,
        )
        .values(lease_until=wall + timedelta(seconds=lease_s))
    )
    return _hit(kept)


def give_back(
    db: Session,
    segment_id: int,
    holder: str,
    state: SegmentState,
    not_before: datetime | None = None,
) -> None:
    """End the lease: done, or open again for anybody (not before a moment)."""
    db.execute(
        update(Segment)
        .where(Segment.id == segment_id, Segment.holder == holder)
        .values(state=state, holder="", lease_until=None, not_before=not_before)
    )


def any_due(db: Session, wall: datetime) -> bool:
    """Whether `due` would find something: asked without taking the write lock."""
    found = select(Segment.id).join(Push, Push.id == Segment.push_id).where(_due(wall)).limit(1)
    return db.scalar(found) is not None


def _due(wall: datetime) -> ColumnElement[bool]:
    free = Segment.lease_until.is_(None) | (Segment.lease_until < wall)
    ready = Segment.not_before.is_(None) | (Segment.not_before <= wall)
    open_ = (Segment.state != SegmentState.DONE) & (Push.state == PushState.SENDING)
    return open_ & free & ready


def due(db: Session, wall: datetime, lease_s: float, limit: int = 200) -> list[int]:
    """Segments of sending pushes that nobody holds and nobody has queued, marked as queued.

    This is what makes a lost queue harmless: after QUEUED_LEASES they are due again.
    """
    ids = list(
        db.scalars(
            select(Segment.id)
            .join(Push, Push.id == Segment.push_id)
            .where(_due(wall))
            .order_by(*URGENCY, Segment.id)
            .limit(limit)
            .with_for_update(of=Segment, skip_locked=True)
        )
    )
    mark_queued(db, ids, wall, lease_s)
    return ids


def mark_queued(db: Session, ids: list[int], wall: datetime, lease_s: float) -> None:
    until = wall + timedelta(seconds=lease_s * QUEUED_LEASES)
    db.execute(
        update(Segment)
        .where(Segment.id.in_(ids))
        .values(state=SegmentState.OPEN, holder="", lease_until=until)
    )


def to_ask_again(db: Session, now: datetime, limit: int = 500) -> set[int]:
    """Done segments with an unknown outcome whose moment to be asked again has come."""
    rows = db.scalars(
        select(Delivery.segment_id)
        .join(Segment, Segment.id == Delivery.segment_id)
        .join(Push, Push.id == Segment.push_id)
        .where(
            Push.state == PushState.SENDING,
            Segment.state == SegmentState.DONE,
            Delivery.state == DeliveryState.UNKNOWN,
            Delivery.ask_again_until > now,
            Delivery.ask_at <= now,
        )
        .distinct()
        .limit(limit)
    )
    return set(rows)


def _hit(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
