"""What the sweepers find: nothing that a lost job, a dead worker or an emptied Redis can hide.

Each looks at rows alone and may be run at any time by anybody.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from bot.outbound import deliveries, fanout, masses, outbox, pushes, receipts, segments, sendall
from bot.outbound.deliveries import LIMITED
from bot.outbound.models import Brake, Delivery, Push, Segment
from bot.outbound.sender import Engine
from bot.outbound.states import DeliveryState, PushState, SegmentState

GAPS_AFTER = timedelta(seconds=30)
GAPS_WITHIN = timedelta(hours=2)
WAKE = 5_000


def due_pushes(db: Session, now: datetime) -> list[int]:
    """Pushes to plan: new ones, scheduled ones whose time has come, half-planned ones."""
    fresh = Push.state == PushState.PLANNED
    timed = (Push.state == PushState.SCHEDULED) & (Push.scheduled_at <= now)
    halfway = (Push.state == PushState.SENDING) & Push.planned_at.is_(None)
    statement = select(Push.id).where(fresh | timed | halfway)
    return list(db.scalars(statement.order_by(*segments.URGENCY, Push.id).limit(50)))


def due_segments(engine: Engine) -> list[int]:
    """Segments nobody works on, marked as queued."""
    with engine.database.read() as db:
        if not segments.any_due(db, engine.wall.now()):
            return []
    with engine.database.write() as db:
        return segments.due(db, engine.wall.now(), engine.rules.lease_s)


def lost_claims(engine: Engine) -> int:
    """Outcomes of workers that died are unknown now; their segments finish or ask again."""
    at = engine.moments()
    with engine.database.read() as db:
        if not deliveries.any_lost(db, at.wall):
            return 0
    with engine.database.write() as db:
        return len(deliveries.settle_lost_claims(db, at))


def unknown_again(engine: Engine) -> int:
    """Segments with outcomes to ask again are open."""
    now = engine.clock.now()
    with engine.database.read() as db:
        found = segments.to_ask_again(db, now)
    if found:
        with engine.database.write() as db:
            outbox.reopen(db, found, set(), now)
    return len(found)


def missing_people(engine: Engine) -> int:
    """People of a recent audience without a delivery get one; gives the segments made."""
    now = engine.clock.now()
    recent = (Push.planned_at <= now - GAPS_AFTER) & (Push.planned_at >= now - GAPS_WITHIN)
    alive = Push.state.in_((PushState.SENDING, PushState.DONE)) & ~Push.gaps_filled
    with engine.database.read() as db:
        found = list(db.scalars(select(Push.id).where(recent, alive).limit(20)))
    made = 0
    for push_id in found:
        with engine.database.write() as db:
            push = pushes.get(db, push_id)
            filled = fanout.fill_gaps(db, push)
            made += len(filled)
            push.gaps_filled = not filled
            outbox.reopen(db, set(), {push_id} if filled else set(), now)
    return made


def ended_brakes(engine: Engine) -> int:
    """An API's rest is over: who waited for it is pending again. Gives how many."""
    now = engine.clock.now()
    with engine.database.read() as db:
        over = list(db.scalars(select(Brake.call).where(Brake.until <= now)))
    woken = 0
    for call in over:
        part = WAKE
        while part == WAKE:
            with engine.database.write() as db:
                part = _wake(db, now)
                woken += part
                if part < WAKE:
                    brake = db.get(Brake, call)
                    if brake is not None:
                        db.delete(brake)
    return woken


def _wake(db: Session, now: datetime) -> int:
    limited = (Delivery.state == DeliveryState.WAITING) & (Delivery.reason == LIMITED)
    columns = (Delivery.id, Delivery.segment_id, Delivery.push_id)
    rows = db.execute(select(*columns).where(limited).limit(WAKE)).all()
    for start in range(0, len(rows), 1_000):
        ids = [row.id for row in rows[start : start + 1_000]]
        pending = {"state": DeliveryState.PENDING, "reason": None}
        db.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**pending))
    outbox.reopen(db, {r.segment_id for r in rows}, {r.push_id for r in rows}, now)
    return len(rows)


def cancelled_rest(engine: Engine) -> int:
    """What a cancel left to do, in short transactions; gives the segments closed."""
    with engine.database.read() as db:
        cancelled = Push.state == PushState.CANCELLED
        open_ = (Segment.push_id == Push.id) & (Segment.state != SegmentState.DONE)
        found = list(db.scalars(select(Push.id).where(cancelled, exists().where(open_)).limit(20)))
    closed = 0
    for push_id in found:
        part = 1
        while part:
            with engine.database.write() as db:
                part = pushes.suppress_step(db, push_id)
            closed += part
    return closed


def early_receipts(engine: Engine) -> int:
    """Receipts that overtook our own record are settled."""
    now = engine.clock.now()
    with engine.database.read() as db:
        if not receipts.any_early(db, now):
            return 0
    with engine.database.write() as db:
        return receipts.settle_early(db, now)


def stalled_pushes(engine: Engine) -> int:
    """Pushes whose last segment ended without anybody noticing are done."""
    now = engine.clock.now()
    with engine.database.read() as db:
        sending = (Push.state == PushState.SENDING) & Push.planned_at.is_not(None)
        found = list(db.scalars(select(Push.id).where(sending).limit(50)))
        found = [p for p in found if not pushes.has_more(db, p, now)]
    done = 0
    for push_id in found:
        with engine.database.write() as db:
            done += pushes.finish_if_done(db, pushes.get(db, push_id), now)
    return done


def due_masses(engine: Engine) -> list[int]:
    with engine.database.read() as db:
        find = sendall.due if engine.rules.subscription else masses.due
        return find(db, engine.clock.now())
