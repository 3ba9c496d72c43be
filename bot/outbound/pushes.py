"""The life of a push: begin, pause, resume, cancel, and when it is done."""

from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bot.outbound import ledger
from bot.outbound.fanout import SEGMENTS_A_STEP, planned
from bot.outbound.models import Delivery, MassBatch, Push, Segment
from bot.outbound.rules import Rules
from bot.outbound.states import DeliveryState, PushState, SegmentState, check_move
from core.clock import SHANGHAI
from core.errors import NotFound

_P, _D = PushState, DeliveryState
MASS_OPEN = ("claimed", "unknown")  # mass calls to be repeated under their own id
MASS_GOING = (*MASS_OPEN, "gathering", "confirming")


def get(db: Session, push_id: int) -> Push:
    """Raises NotFound."""
    push = db.get(Push, push_id)
    if push is None:
        raise NotFound(f"没有编号为 {push_id} 的推送")
    return push


def alone(db: Session, push_id: int) -> Push | None:
    """The push, locked for whoever plans it; None when another has the lock. Raises NotFound.

    Two planners would make the same rows (PostgreSQL; on SQLite one writes at a time anyway).
    """
    held = select(Push).where(Push.id == push_id).with_for_update(skip_locked=True)
    push = db.scalar(held)
    if push is None:
        get(db, push_id)
    return push


def move(push: Push, then: PushState, now: datetime, reason: str = "") -> None:
    """Raises IllegalMove."""
    check_move(PushState(push.state), then)
    push.state, push.state_reason, push.moved_at = then, reason, now


def begin(db: Session, push: Push, now: datetime, rules: Rules) -> bool:
    """Let a due push be planned and sent; False when it must not go now.

    In quiet hours it is scheduled for their end. A push that is sending already may go on.
    """
    if push.state == _P.SENDING:
        return not put_to_bed(push, now, rules)
    due = push.scheduled_at is None or push.scheduled_at <= now
    if push.state not in (_P.PLANNED, _P.SCHEDULED) or not due:
        return False
    if ledger.EVERYTHING in ledger.braked(db, now):
        return False
    if put_to_bed(push, now, rules):
        return False
    move(push, _P.SENDING, now)
    return True


def put_to_bed(push: Push, now: datetime, rules: Rules) -> bool:
    """True when it is night for this push; it goes on in the morning by itself."""
    morning = rules.quiet_end(push.purpose, push.urgent, now)
    if morning is None:
        return False
    move(push, _P.SCHEDULED, now, f"免打扰时段，到 {morning.astimezone(SHANGHAI):%H:%M} 自动发送")
    push.scheduled_at = morning
    return True


def pause(db: Session, push_id: int, now: datetime, reason: str = "人工暂停") -> Push:
    """Nothing new goes out; what is on the line is recorded. Raises IllegalMove."""
    push = get(db, push_id)
    if push.state != _P.PAUSED:
        move(push, _P.PAUSED, now, reason)
    return push


def resume(db: Session, push_id: int, now: datetime) -> Push:
    """A paused push goes on; a person has looked, so brakes without an end are released."""
    push = get(db, push_id)
    if push.state == _P.SENDING:
        return push
    later = push.scheduled_at is not None and push.scheduled_at > now
    move(push, _P.SCHEDULED if later else _P.SENDING, now)
    ledger.release(db, ledger.EVERYTHING)
    wake_segments(db, push.id)
    return push


def wake_segments(db: Session, push_id: int) -> None:
    """Unheld segments are due at once."""
    db.execute(
        update(Segment)
        .where(Segment.push_id == push_id, Segment.state == SegmentState.OPEN)
        .values(lease_until=None, not_before=None)
    )


def cancel(db: Session, push_id: int, now: datetime) -> Push:
    """Whoever has not had it will not get it, by a digest neither, so a push that is done can be
    cancelled too. A second cancel changes nothing."""
    push = get(db, push_id)
    if push.state == _P.CANCELLED:
        return push
    move(push, _P.CANCELLED, now)
    reopened = {"state": SegmentState.OPEN, "holder": "", "lease_until": None, "not_before": None}
    db.execute(update(Segment).where(Segment.push_id == push.id).values(**reopened))
    suppress_step(db, push.id)
    push.audience = planned(db, push.id)
    push.planned_at = push.planned_at or now
    return push


def suppress_step(db: Session, push_id: int) -> int:
    """Suppress what is left in the next open segments of a cancelled push, 10 000 rows at most.

    Gives how many segments were closed; 0: nothing is left. `status` counts the rest as
    suppressed from the moment of the cancel.
    """
    waiting = (Segment.push_id == push_id, Segment.state != SegmentState.DONE)
    query = select(Segment.id).where(*waiting).order_by(Segment.id).limit(SEGMENTS_A_STEP)
    mine = list(db.scalars(query))
    if not mine:
        return 0
    held = Delivery.segment_id.in_(mine), Delivery.state.in_((_D.PENDING, _D.WAITING))
    db.execute(update(Delivery).where(*held).values(state=_D.SUPPRESSED, reason="cancelled"))
    db.execute(update(Segment).where(Segment.id.in_(mine)).values(state=SegmentState.DONE))
    return len(mine)


def finish_if_done(db: Session, push: Push, now: datetime) -> bool:
    """Done: planned, nothing pending, nothing unknown that may still be asked again."""
    if push.state != _P.SENDING or push.planned_at is None or has_more(db, push.id, now):
        return False
    move(push, _P.DONE, now)
    return True


def has_more(db: Session, push_id: int, now: datetime) -> bool:
    """Whether anything of a planned push is still to be sent or to be asked again."""
    open_segment = exists().where(Segment.push_id == push_id, Segment.state != SegmentState.DONE)
    open_delivery = (
        exists()
        .where(Segment.push_id == push_id, Delivery.segment_id == Segment.id)
        .where(
            or_(
                Delivery.state.in_((_D.PENDING, _D.CLAIMED)),
                (Delivery.state == _D.UNKNOWN) & (Delivery.ask_again_until > now),
            )
        )
    )
    open_batch = exists().where(MassBatch.push_id == push_id, MassBatch.state.in_(MASS_GOING))
    return bool(db.scalar(select(open_segment | open_delivery | open_batch)))
