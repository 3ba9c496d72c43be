"""Planning: a push's audience becomes segments and deliveries, by SQL alone, in constant memory."""

from datetime import datetime

from sqlalchemy import Select, String, exists, func, insert, literal, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from bot.followers import audience
from bot.followers.models import Follow, Follower
from bot.outbound.models import Delivery, Push, Segment
from bot.outbound.states import DeliveryState

Names = tuple[SQLCoreOperations[str], ...]
SEGMENT = 1_000
SEGMENTS_A_STEP = 10  # rows a transaction writes: at most 10 000


def plan_step(db: Session, push: Push, now: datetime) -> list[int]:
    """Make the next segments of a push; `planned_at` is set when none is left.

    Run again after a crash it goes on where the last committed step ended.
    """
    made: list[int] = []
    if not push.planned_to and push.audience > SEGMENT * SEGMENTS_A_STEP:
        learn_sizes(db)
    for _ in range(SEGMENTS_A_STEP):
        people, names = _audience(push)
        after = [name > push.planned_to for name in names]
        last = _segment(db, push, people.where(*after), names, made)
        if last is None:
            push.planned_at, push.audience = now, planned(db, push.id)
            break
        push.planned_to = last
    return made


def planned(db: Session, push_id: int) -> int:
    """How many people a push was planned for; at night some follow before it is."""
    return db.scalar(select(func.count()).where(Delivery.push_id == push_id)) or 0


def learn_sizes(db: Session) -> None:
    """PostgreSQL, which sorts a whole audience for each segment of tables it has not counted yet:
    followers who have just moved in."""
    if db.connection().dialect.name == "postgresql":
        db.execute(text("ANALYZE follows, followers"))


def fill_gaps(db: Session, push: Push) -> list[int]:
    """Segments for people of the audience who have no delivery; empty when all have."""
    people, names = _audience(push)
    has_one = exists().where(Delivery.push_id == push.id, Delivery.openid == names[0])
    missing = people.where(~has_one)
    if push.topic and push.corrects_id is None:
        missing = missing.where(Follow.since <= push.created_at)
    made: list[int] = []
    for _ in range(SEGMENTS_A_STEP):
        if _segment(db, push, missing, names, made) is None:
            break
    return made


def _audience(push: Push) -> tuple[Select[str], Names]:
    """The people, and every column of theirs that names them.

    A span of openids is asked of all these columns: PostgreSQL does not see that what holds for
    one of two joined columns holds for the other, and would read all followers for each segment.
    """
    if push.corrects_id is not None:
        reached = aliased(Delivery)
        states = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.CLAIMED)
        had_it = (reached.push_id == push.corrects_id, reached.state.in_(states))
        return select(reached.openid).where(*had_it).order_by(reached.openid), (reached.openid,)
    if push.topic is not None:
        return audience.people(push.topic), (Follow.openid, Follower.openid)
    person = literal(push.openid, String)
    return select(person.label("openid")), (person,)


def _segment(
    db: Session,
    push: Push,
    people: Select[str],
    names: Names,
    made: list[int],
) -> str | None:
    """One segment of the next people, noted in `made`; gives the last of them, None at the end.

    Where it ends is asked first: the rows are then a span of openids, whoever comes meanwhile.
    """
    next_ones = people.limit(SEGMENT).subquery()
    last: str | None = db.scalar(select(func.max(next_ones.c.openid)))
    if last is None:
        return None
    segment = Segment(push_id=push.id)
    db.add(segment)
    db.flush()
    chosen = people.where(*(name <= last for name in names)).subquery()
    rows = select(
        literal(push.id), literal(segment.id), chosen.c.openid, literal("pending"), literal(0)
    )
    columns = ["push_id", "segment_id", "openid", "state", "attempts"]
    db.execute(insert(Delivery).from_select(columns, rows))
    made.append(segment.id)
    return last
