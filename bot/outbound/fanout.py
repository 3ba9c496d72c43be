"""Planning: a push's audience becomes segments and deliveries, by SQL alone, in constant memory."""

from datetime import datetime

from sqlalchemy import Select, String, exists, func, insert, literal, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from bot.followers import audience
from bot.followers.models import Follow
from bot.outbound.models import Delivery, Push, Segment
from bot.outbound.states import DeliveryState

SEGMENT = 1_000
SEGMENTS_A_STEP = 10  # rows a transaction writes: at most 10 000


def plan_step(db: Session, push: Push, now: datetime) -> list[int]:
    """Make the next segments of a push; `planned_at` is set when none is left.

    Run again after a crash it goes on where the last committed step ended.
    """
    made: list[int] = []
    for _ in range(SEGMENTS_A_STEP):
        segment = _segment(db, push, people_of(push, push.planned_to))
        if segment is None:
            push.planned_at = now
            break
        made.append(segment)
        push.planned_to = _last(db, segment)
    return made


def fill_gaps(db: Session, push: Push) -> list[int]:
    """Segments for people of the audience who have no delivery; empty when all have."""
    people, openid = _audience(push)
    has_one = exists().where(Delivery.push_id == push.id, Delivery.openid == openid)
    missing = people.where(~has_one)
    if push.topic and push.corrects_id is None:
        missing = missing.where(Follow.since <= push.created_at)
    made = []
    for _ in range(SEGMENTS_A_STEP):
        segment = _segment(db, push, missing)
        if segment is None:
            break
        made.append(segment)
    return made


def people_of(push: Push, after: str) -> Select[str]:
    """openids of the audience beyond `after`, in their order."""
    people, openid = _audience(push)
    return people.where(openid > after)


def _audience(push: Push) -> tuple[Select[str], SQLCoreOperations[str]]:
    """The people, and the column that names them."""
    if push.corrects_id is not None:
        reached = aliased(Delivery)
        states = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.CLAIMED)
        had_it = (reached.push_id == push.corrects_id, reached.state.in_(states))
        return select(reached.openid).where(*had_it).order_by(reached.openid), reached.openid
    if push.topic is not None:
        return audience.people(push.topic), Follow.openid
    person = literal(push.openid, String)
    return select(person.label("openid")), person


def _segment(db: Session, push: Push, people: Select[str]) -> int | None:
    """One segment of the next people; None, and nothing written, when there are none."""
    segment = Segment(push_id=push.id)
    db.add(segment)
    db.flush()
    chosen = people.limit(SEGMENT).subquery()
    rows = select(
        literal(push.id), literal(segment.id), chosen.c.openid, literal("pending"), literal(0)
    )
    columns = ["push_id", "segment_id", "openid", "state", "attempts"]
    db.execute(insert(Delivery).from_select(columns, rows))
    if _last(db, segment.id):
        return segment.id
    db.delete(segment)
    db.flush()
    return None


def _last(db: Session, segment_id: int) -> str:
    last = db.scalar(select(func.max(Delivery.openid)).where(Delivery.segment_id == segment_id))
    return last or ""
