"""Mass sends by list: people set aside for them, gathered into calls of up to 10 000.

One clientmsgid a call: a repeat within 24 h answers 45065 with the first msg_id, so an unknown
outcome is asked again safely (developers.weixin.qq.com/doc/service, api_masssend).
Such deliveries end as accepted (已受理): WeChat tells nothing of single people.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from bot.outbound import ledger, letters, outcomes, pushes
from bot.outbound.calls import MASS, Request
from bot.outbound.calls import mass as mass_request
from bot.outbound.errors import (
    AlreadyAccepted,
    BadToken,
    NotReached,
    OutcomeUnknown,
    QuotaSpent,
    SlowDown,
    WechatError,
)
from bot.outbound.models import Delivery, MassBatch, Push, Segment
from bot.outbound.outcomes import NOT_TAKEN, Answered
from bot.outbound.rules import Route, Rules
from bot.outbound.sender import Engine, short
from bot.outbound.states import DeliveryState, PushState, SegmentState
from bot.outbound.targets import LIST

LEAST, MOST = 2, 10_000
AGAIN_WITHIN = timedelta(hours=23)
AGAIN_AFTER = timedelta(seconds=61)  # 45066: the same clientmsgid again within a minute
_D = DeliveryState


@dataclass(frozen=True, slots=True)
class MassCall:
    """One call ready for the line."""

    batch_id: int
    push_id: int
    request: Request


def due(db: Session, now: datetime) -> list[int]:
    """Sending pushes with people set aside and all segments done, or with a call to repeat."""
    again = exists().where(
        MassBatch.push_id == Push.id,
        MassBatch.target == LIST,
        MassBatch.state.in_(pushes.MASS_OPEN),
        MassBatch.asked_at <= now - AGAIN_AFTER,
    )
    ready = Push.planned_at.is_not(None) & ~still_busy() & set_aside()
    sending = select(Push.id).where(Push.state == PushState.SENDING, ready | again)
    return list(db.scalars(sending.limit(50)))


def set_aside() -> ColumnElement[bool]:
    """For a push: the planner has set people aside for a mass send."""
    return exists().where(
        Segment.push_id == Push.id,
        Delivery.segment_id == Segment.id,
        Delivery.state == _D.PENDING,
        Delivery.route == Route.MASS,
    )


def still_busy() -> ColumnElement[bool]:
    """For a push: some segment has people whose route is not chosen yet."""
    return exists().where(Segment.push_id == Push.id, Segment.state != SegmentState.DONE)


def work(engine: Engine, push_id: int) -> int:
    """Make the mass calls a push still needs; gives how many."""
    made = 0
    while True:
        at = engine.moments()
        with engine.database.write() as db:
            push = pushes.get(db, push_id)
            sending = push.state == PushState.SENDING
            awake = sending and not pushes.put_to_bed(push, at.now, engine.rules)
            call = _next_call(db, push, at.now, engine.rules) if awake else None
            if call is None:
                pushes.finish_if_done(db, push, at.now)
                return made
        answer = short(engine.post.send([call.request])[0])
        made += 1
        with engine.database.write() as db:
            _record(db, call, answer, engine.clock.now())
        if isinstance(answer, NOT_TAKEN):
            return made


def _next_call(db: Session, push: Push, now: datetime, rules: Rules) -> MassCall | None:
    if {MASS.name, ledger.EVERYTHING} & ledger.braked(db, now).keys():
        return None
    batch = db.scalar(
        select(MassBatch)
        .where(
            MassBatch.push_id == push.id,
            MassBatch.target == LIST,
            MassBatch.state.in_(pushes.MASS_OPEN),
            MassBatch.asked_at <= now - AGAIN_AFTER,
        )
        .with_for_update(skip_locked=True)
    )
    if batch is not None:
        return _again(db, push, batch, now, rules)
    return _gather(db, push, now, rules)


def _again(
    db: Session, push: Push, batch: MassBatch, now: datetime, rules: Rules
) -> MassCall | None:
    """Repeat a call whose outcome is unknown, with its own clientmsgid, while WeChat remembers."""
    if now - batch.created_at > AGAIN_WITHIN:
        batch.state = "lost"
        _all_of(db, batch, state=_D.UNKNOWN, ask_again_until=None, claimed_until=None)
        return None
    batch.asked_at, batch.attempts = now, batch.attempts + 1
    people = select(Delivery.openid).where(_of(batch))
    openids = list(db.scalars(people.order_by(Delivery.id)))
    return MassCall(batch.id, push.id, _request(push, openids, batch.clientmsgid, rules))


def _gather(db: Session, push: Push, now: datetime, rules: Rules) -> MassCall | None:
    """Claim the next people set aside; one alone waits instead: a call takes two at least."""
    rows = db.execute(
        select(Delivery.id, Delivery.openid)
        .join(Segment, Segment.id == Delivery.segment_id)
        .where(
            Segment.push_id == push.id,
            Delivery.state == _D.PENDING,
            Delivery.route == Route.MASS,
        )
        .order_by(Delivery.id)
        .limit(MOST)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    ids = [row.id for row in rows]
    if len(rows) < LEAST:
        _set(db, ids, state=_D.WAITING, reason="no_route", route=None)
        return None
    number = db.scalar(select(func.count()).where(MassBatch.push_id == push.id)) or 0
    key = f"yg{push.id}m{number}t{int(push.created_at.timestamp())}"
    batch = MassBatch(
        push_id=push.id,
        clientmsgid=key,
        target=LIST,
        state="claimed",
        size=len(rows),
        asked_at=now,
        created_at=now,
        attempts=1,
    )
    db.add(batch)
    db.flush()
    _set(db, ids, state=_D.CLAIMED, claim=key, asked_at=now)
    openids = [row.openid for row in rows]
    ledger.count_mass(db, openids, now)
    return MassCall(batch.id, push.id, _request(push, openids, key, rules))


def _record(db: Session, call: MassCall, answer: Answered, now: datetime) -> None:
    batch = db.get_one(MassBatch, call.batch_id)
    push = pushes.get(db, call.push_id)
    if isinstance(answer, WechatError):
        batch.code, batch.rid = answer.code, answer.rid
    if isinstance(answer, AlreadyAccepted) or not isinstance(answer, WechatError):
        msg_id = answer.msg_id if isinstance(answer, AlreadyAccepted) else answer
        batch.state, batch.msg_id = "sent", msg_id
        _all_of(db, batch, state=_D.SENT, msg_id=msg_id, sent_at=now, reason=None)
    elif isinstance(answer, OutcomeUnknown) or batch.attempts > 1:
        batch.state = "unknown"
        until = batch.created_at + AGAIN_WITHIN
        _all_of(db, batch, state=_D.UNKNOWN, reason="system_error", ask_again_until=until)
    elif isinstance(answer, NOT_TAKEN):
        _undo(db, batch, now)
        outcomes.pull_brakes(db, [answer], now)
        if isinstance(answer, SlowDown | NotReached | BadToken):
            until = now + AGAIN_AFTER
            ledger.brake(db, MASS.name, answer.code, answer.message, answer.rid, now, until)
    else:
        batch.state = "failed"
        _all_of(db, batch, state=_D.FAILED, reason=answer.reason, code=answer.code, rid=answer.rid)
    stop = outcomes.verdict([answer]).stop
    if stop is not None and push.state == PushState.SENDING:
        pushes.move(push, PushState.PAUSED, now, outcomes.why(stop))
    elif isinstance(answer, QuotaSpent):
        _let_wait(db, push)


def _undo(db: Session, batch: MassBatch, now: datetime) -> None:
    """The call was surely not taken: its people are set aside again."""
    people = list(db.scalars(select(Delivery.openid).where(_of(batch))))
    ledger.uncount_mass(db, people, now)
    _all_of(db, batch, state=_D.PENDING, claim=None)
    batch.state = "refused"


def _let_wait(db: Session, push: Push) -> None:
    """No mass send is left today: who was set aside waits for the brake's end."""
    mine = select(Segment.id).where(Segment.push_id == push.id)
    db.execute(
        update(Delivery)
        .where(
            Delivery.segment_id.in_(mine),
            Delivery.state == _D.PENDING,
            Delivery.route == Route.MASS,
        )
        .values(state=_D.WAITING, reason="limited", route=None)
    )


def _all_of(db: Session, batch: MassBatch, **values: object) -> None:
    db.execute(update(Delivery).where(_of(batch)).values(**values))


def _of(batch: MassBatch) -> ColumnElement[bool]:
    return (Delivery.push_id == batch.push_id) & (Delivery.claim == batch.clientmsgid)


def _set(db: Session, ids: list[int], **values: object) -> None:
    for start in range(0, len(ids), 1_000):
        part = ids[start : start + 1_000]
        db.execute(update(Delivery).where(Delivery.id.in_(part)).values(**values))


def _request(push: Push, openids: list[str], key: str, rules: Rules) -> Request:
    body = {"msgtype": "text", "text": {"content": letters.text_of(push.notice, rules)}}
    return mass_request(openids, body, key)
