"""A subscription account's one message a day: a whole push in one call of sendall.

gathering → claimed → sent, confirming, unknown, failed or refused. Its people are claimed before
the call and settled after it, 10 000 rows a transaction; the rows tell where a dead worker stood.
To all, WeChat may first ask the administrator, 30 minutes long (API 群发保护): until its event or
mass/get says what came of it, these people are pending.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from bot.followers import tags
from bot.followers.models import Follower, TagMark
from bot.outbound import calls, ledger, letters, outcomes, pushes, targets
from bot.outbound.calls import MASS_ALL, Request
from bot.outbound.errors import (
    AlreadyAccepted,
    BadToken,
    NotReached,
    OutcomeUnknown,
    SlowDown,
    WechatError,
)
from bot.outbound.masses import AGAIN_AFTER, AGAIN_WITHIN, set_aside, still_busy
from bot.outbound.models import Delivery, MassBatch, Push
from bot.outbound.outcomes import NOT_TAKEN, Answered
from bot.outbound.rules import Route, next_midnight
from bot.outbound.sender import Engine, short
from bot.outbound.settling import heard, set_all, settle_step, unsettled
from bot.outbound.states import DeliveryState, PushState
from bot.outbound.targets import ALL, LIST

STEP = 10_000  # rows a transaction writes
LOOK_AGAIN = timedelta(seconds=60)
USED = "今天的群发已用（订阅号每天一次）"
_D, _P = DeliveryState, PushState
OURS = MassBatch.target != LIST


@dataclass(frozen=True, slots=True)
class Ask:
    """One call to make, with no transaction open."""

    batch_id: int
    request: Request


def due(db: Session, now: datetime) -> list[int]:
    """Pushes with people set aside, with a call to make or repeat, or with people to settle."""
    sending = Push.state == _P.SENDING
    ready = sending & Push.planned_at.is_not(None) & ~still_busy() & set_aside()
    halfway = (MassBatch.state == "gathering") & (sending | (Push.state == _P.CANCELLED))
    repeat = MassBatch.state.in_(pushes.MASS_OPEN) & (MassBatch.asked_at <= now - AGAIN_AFTER)
    look = (MassBatch.state == "confirming") & (MassBatch.asked_at <= now - LOOK_AGAIN)
    wanted = halfway | (repeat & sending) | look | unsettled()
    batch = exists().where(MassBatch.push_id == Push.id, OURS, wanted)
    open_ = Push.state != _P.DONE
    return list(db.scalars(select(Push.id).where(open_, ready | batch).limit(50)))


def work(engine: Engine, push_id: int) -> int:
    """Bring a push's sendall as far as it goes now; gives how many calls were made."""
    made = 0
    while True:
        with engine.database.write() as db:
            going = _step(db, engine, push_id)
            if not going:
                pushes.finish_if_done(db, pushes.get(db, push_id), engine.clock.now())
                return made
        if isinstance(going, Ask):
            made += 1
            _ask(engine, going)


def _ask(engine: Engine, ask: Ask) -> None:
    answer = engine.post.send([ask.request])[0]
    with engine.database.write() as db:
        batch = db.get_one(MassBatch, ask.batch_id)
        if ask.request.call is not calls.MASS_GET:
            _record(db, batch, short(answer), engine.clock.now())
        elif not isinstance(answer, WechatError):
            heard(db, batch, str(answer.get("msg_status", "")))


def _step(db: Session, engine: Engine, push_id: int) -> Ask | bool:
    """One short transaction: a call to make, True when there is more to do, else False."""
    now, push = engine.clock.now(), pushes.get(db, push_id)
    batch = _newest(db, push_id)
    if batch is not None and settle_step(db, batch, push, now, STEP):
        return True
    if batch is not None and batch.state == "confirming":
        return _look(batch, now)
    gathering = batch is not None and batch.state == "gathering"
    if batch is not None and gathering and push.state == _P.CANCELLED:
        batch.state = "refused"
        return True
    if push.state != _P.SENDING or pushes.put_to_bed(push, now, engine.rules):
        return False
    if rests := {MASS_ALL.name, ledger.EVERYTHING} & ledger.braked(db, now).keys():
        return MASS_ALL.name in rests and _let_wait(db, push, now)
    if batch is not None and (gathering or batch.state in pushes.MASS_OPEN):
        carry_on = _gather if gathering else _again
        return carry_on(db, push, batch, engine)
    return _begin(db, push, now)


def _let_wait(db: Session, push: Push, now: datetime) -> bool:
    """Nothing goes by sendall any more today: the next of those set aside wait for tomorrow."""
    brake = ledger.of_call(db, MASS_ALL.name)
    if brake is None or brake.until is None or brake.until - now <= AGAIN_AFTER:
        return False
    ids = list(db.scalars(_aside(push)))
    set_all(db, ids, state=_D.WAITING, reason="limited", route=None)
    return bool(ids)


def _newest(db: Session, push_id: int) -> MassBatch | None:
    mine = select(MassBatch).where(MassBatch.push_id == push_id, OURS)
    return db.scalar(mine.order_by(MassBatch.id.desc()).limit(1).with_for_update())


def _look(batch: MassBatch, now: datetime) -> Ask | bool:
    """Ask what came of a call that WeChat had accepted."""
    if batch.asked_at > now - LOOK_AGAIN:
        return False
    batch.asked_at = now
    return Ask(batch.id, Request(calls.MASS_GET, {"msg_id": batch.msg_id}))


def _begin(db: Session, push: Push, now: datetime) -> bool:
    """Open the push's sendall, once all its people are set aside and the tag is up to date."""
    ready = select(Push.id).where(Push.id == push.id, ~still_busy(), set_aside())
    if push.planned_at is None or push.topic is None or db.scalar(ready) is None:
        return False
    target, mirror = targets.of_topic(db, push.topic), tags.mirror(db, push.topic)
    if not target:  # the tag was lost meanwhile
        ids = list(db.scalars(_aside(push)))
        set_all(db, ids, state=_D.WAITING, reason="no_route", route=None)
        return True
    if target != ALL and mirror is not None and mirror.due:
        push.state_reason = f"等微信标签同步完再群发，还有 {mirror.due} 人"
        return False
    push.state_reason = ""
    number = db.scalar(select(func.count()).where(MassBatch.push_id == push.id)) or 0
    key = f"yg{push.id}a{number}t{int(push.created_at.timestamp())}"
    batch = MassBatch(push_id=push.id, clientmsgid=key, target=target, state="gathering")
    batch.size, batch.attempts, batch.created_at, batch.asked_at = 0, 0, now, now
    db.add(batch)
    return True


def _gather(db: Session, push: Push, batch: MassBatch, engine: Engine) -> Ask | bool:
    """Claim the next whom the tag reaches; whom it does not, wait; when none is left, call."""
    now, reached = engine.clock.now(), _aside(push)
    if batch.target != ALL:
        mark = and_(TagMark.topic == push.topic, TagMark.openid == Delivery.openid)
        reached = reached.where(exists().where(mark, TagMark.carried))
    ids = list(db.scalars(reached))
    if ids:
        batch.size += len(ids)
        set_all(db, ids, state=_D.CLAIMED, claim=batch.clientmsgid, asked_at=now)
        return True
    ids = list(db.scalars(_aside(push)))
    if ids:
        set_all(db, ids, state=_D.WAITING, reason="not_tagged", route=None)
        return True
    if not batch.size:
        batch.state = "refused"
        return False
    batch.state, batch.attempts, batch.asked_at = "claimed", 1, now
    batch.reach = _reach(db, push, batch)
    return Ask(batch.id, _request(push, batch, engine))


def _again(_db: Session, push: Push, batch: MassBatch, engine: Engine) -> Ask | bool:
    """Repeat under its own clientmsgid while WeChat remembers it; then it stays unknown."""
    now = engine.clock.now()
    if now - batch.asked_at < AGAIN_AFTER:
        return False
    if now - batch.created_at > AGAIN_WITHIN:
        batch.state = "lost"
        return True
    batch.asked_at, batch.attempts = now, batch.attempts + 1
    return Ask(batch.id, _request(push, batch, engine))


def _record(db: Session, batch: MassBatch, answer: Answered, now: datetime) -> None:
    push = pushes.get(db, batch.push_id)
    if not isinstance(answer, WechatError):
        return _accepted(db, batch, answer, now)
    batch.code, batch.rid = answer.code, answer.rid
    if isinstance(answer, AlreadyAccepted):
        return _accepted(db, batch, answer.msg_id, now)
    if isinstance(answer, OutcomeUnknown) or batch.attempts > 1:
        batch.state = "unknown"
    elif isinstance(answer, NOT_TAKEN):
        batch.state = "refused"
        outcomes.pull_brakes(db, [answer], now)
        if isinstance(answer, SlowDown | NotReached | BadToken):
            until = now + AGAIN_AFTER
            ledger.brake(db, MASS_ALL.name, answer.code, answer.message, answer.rid, now, until)
    else:
        batch.state = "failed"
    stop = outcomes.verdict([answer]).stop
    if stop is not None and push.state == _P.SENDING:
        pushes.move(push, _P.PAUSED, now, outcomes.why(stop))
    return None


def _accepted(db: Session, batch: MassBatch, msg_id: int | None, now: datetime) -> None:
    """Accepted is not delivered; to all it is not even certain yet. The day is used either way."""
    batch.msg_id, batch.asked_at = msg_id, now
    batch.state = "confirming" if batch.target == ALL else "sent"
    ledger.brake(db, MASS_ALL.name, 0, USED, "", now, next_midnight(now))


def _reach(db: Session, push: Push, batch: MassBatch) -> int:
    """How many the call reaches as far as we know: the tag's carriers, or all followers."""
    carriers = select(func.count()).where(TagMark.topic == push.topic, TagMark.carried)
    everybody = select(func.count()).select_from(Follower).where(Follower.following)
    return db.scalar(everybody if batch.target == ALL else carriers) or 0


def _request(push: Push, batch: MassBatch, engine: Engine) -> Request:
    text = letters.text_of(push.notice, engine.rules)
    body = {"msgtype": "text", "text": {"content": text}}
    return calls.sendall(batch.target, body, batch.clientmsgid)


def _aside(push: Push) -> Select[int]:
    """The next people set aside for the push's sendall."""
    mine = (Delivery.push_id == push.id, Delivery.state == _D.PENDING)
    return select(Delivery.id).where(*mine, Delivery.route == Route.MASS).limit(STEP)
