"""The engine: claim → send with no transaction open → record, until a segment has no more to do."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot.outbound import deliveries, fanout, ledger, letters, outcomes, pushes, segments
from bot.outbound.calls import Request
from bot.outbound.deliveries import Claim, Moments
from bot.outbound.errors import WechatError
from bot.outbound.limiter import Limiter, Resting
from bot.outbound.models import Push, Segment
from bot.outbound.notice import Notice
from bot.outbound.outcomes import Answered, Verdict
from bot.outbound.records import record as write_records
from bot.outbound.rules import Rules
from bot.outbound.states import PushState, SegmentState
from core.clock import Clock
from core.db import Database
from core.metrics import DELIVERIES

Answers = list[tuple[Claim, Answered]]


class Post(Protocol):
    """Sends many calls; answers in their order, errors as values."""

    def send(self, requests: Sequence[Request]) -> Sequence[Mapping[str, Any] | WechatError]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything sending needs. clock: the office's; wall: the machine's, for leases."""

    database: Database
    clock: Clock
    wall: Clock
    post: Post
    limiter: Limiter
    rules: Rules

    def moments(self) -> Moments:
        return Moments(self.clock.now(), self.wall.now())


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim transaction gave to send."""

    push_id: int
    notice: Notice
    claims: tuple[Claim, ...]


def plan(engine: Engine, push_id: int, ring: Callable[[list[int]], None]) -> None:
    """Plan a due push to its end, ringing for each step's segments once they are committed.

    Nothing happens to a push that must not go now, or is planned already.
    """
    going = True
    while going:
        at = engine.moments()
        made: list[int] = []
        with engine.database.write() as db:
            push = pushes.alone(db, push_id)
            if push is None:  # somebody else is at it
                return
            going = pushes.begin(db, push, at.now, engine.rules) and push.planned_at is None
            if going:
                made = fanout.plan_step(db, push, at.now)
                segments.mark_queued(db, made, at.wall, engine.rules.lease_s)
            pushes.finish_if_done(db, push, at.now)
        ring(made)


def work(engine: Engine, segment_id: int) -> int:
    """Send what a segment has to send; gives how many calls were made. Safe to run twice."""
    holder = secrets.token_hex(8)
    with engine.database.write() as db:
        if not segments.take(db, segment_id, holder, engine.wall.now(), engine.rules.lease_s):
            return 0
    calls = 0
    answers: Answers = []
    while True:
        batch = _turn(engine, segment_id, holder, answers)
        if batch is None:
            return calls
        try:
            engine.limiter.take(max(len(batch.claims), 1))
        except Resting as resting:
            _return_claims(engine, segment_id, holder, batch, resting.seconds)
            return calls
        answers = send(engine, batch)
        calls += len(answers)
        rest_s = outcomes.verdict(error for _, error in outcomes.refusals(answers)).rest_s
        if rest_s:
            engine.limiter.hold(rest_s)


def send(engine: Engine, batch: Batch) -> Answers:
    """Put a batch on the line; no transaction is open."""
    writer = letters.Writer(batch.notice, engine.rules, engine.clock.now())
    requests = [
        writer.write(claim.route, claim.openid, letters.key_of(batch.push_id, claim.id))
        for claim in batch.claims
    ]
    given = engine.post.send(requests) if requests else []
    return [(claim, short(answer)) for claim, answer in zip(batch.claims, given, strict=True)]


def _turn(engine: Engine, segment_id: int, holder: str, answers: Answers) -> Batch | None:
    """One transaction: record the last batch, then claim the next; None when it is over."""
    at = engine.moments()
    with engine.database.write() as db:
        segment = db.get_one(Segment, segment_id)
        push = pushes.get(db, segment.push_id)
        verdict = record(db, push, answers, engine.rules, at.now)
        if not _may_go_on(db, engine, push, segment, holder, verdict, at):
            return None
        taken = deliveries.claim(
            db, push, segment_id, engine.limiter.batch, holder, at, engine.rules
        )
        if taken.looked_at:
            return Batch(push.id, push.notice, taken.claims)
        segments.give_back(db, segment_id, holder, SegmentState.DONE)
        db.flush()
        pushes.finish_if_done(db, push, at.now)
        return None


def record(db: Session, push: Push, answers: Answers, rules: Rules, now: datetime) -> Verdict:
    """Write what became of a batch, and what it means for ledgers, brakes and the push."""
    if not answers:
        return Verdict()
    made = [outcomes.judge(claim, answer) for claim, answer in answers]
    write_records(db, made, now)
    refused = outcomes.refusals(answers)
    outcomes.correct_ledgers(db, refused, push.purpose, rules)
    outcomes.pull_brakes(db, (error for _, error in refused), now)
    for state, count in Counter(item.state for item in made).items():
        DELIVERIES.labels(state).inc(count)
    verdict = outcomes.verdict(error for _, error in refused)
    if verdict.stop is not None and push.state == PushState.SENDING:
        pushes.move(push, PushState.PAUSED, now, outcomes.why(verdict.stop))
    return verdict


def _may_go_on(
    db: Session,
    engine: Engine,
    push: Push,
    segment: Segment,
    holder: str,
    verdict: Verdict,
    at: Moments,
) -> bool:
    """Whether to claim again; if not, the segment has been given back."""
    if not segments.keep(db, segment.id, holder, at.wall, engine.rules.lease_s):
        return False
    if verdict.rest_s:
        rest_until = at.wall + timedelta(seconds=verdict.rest_s)
        segments.give_back(db, segment.id, holder, SegmentState.OPEN, rest_until)
        return False
    asleep = push.state == PushState.SENDING and pushes.put_to_bed(push, at.now, engine.rules)
    stopped = push.state == PushState.SENDING and _stop_if_braked(db, push, at.now)
    if asleep or stopped or push.state != PushState.SENDING:
        gone = push.state == PushState.CANCELLED
        state = SegmentState.DONE if gone else SegmentState.OPEN
        segments.give_back(db, segment.id, holder, state)
        return False
    return True


def _stop_if_braked(db: Session, push: Push, now: datetime) -> bool:
    everything = ledger.braked(db, now).get(ledger.EVERYTHING)
    if everything is None:
        return False
    reason = f"微信拒绝本账号的调用，已暂停（{everything.code} {everything.why}）"
    pushes.move(push, PushState.PAUSED, now, reason)
    return True


def _return_claims(
    engine: Engine, segment_id: int, holder: str, batch: Batch, seconds: float
) -> None:
    """Nothing was sent: the claims are pending again, the segment rests."""
    at = engine.moments()
    with engine.database.write() as db:
        deliveries.put_back(db, batch.claims, engine.rules, batch.notice.purpose)
        rest_until = at.wall + timedelta(seconds=seconds)
        segments.give_back(db, segment_id, holder, SegmentState.OPEN, rest_until)


def short(answer: Mapping[str, Any] | WechatError) -> Answered:
    """An answer's message id, None where it has none, or the error itself."""
    if isinstance(answer, WechatError):
        return answer
    msg_id = answer.get("msgid", answer.get("msg_id"))
    return int(msg_id) if msg_id else None
