"""Claiming deliveries and recording what became of them: the two short transactions of a send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.followers.models import Follower
from bot.outbound import ledger
from bot.outbound.channels import Standing, choose
from bot.outbound.letters import CALL_OF
from bot.outbound.models import Consent, Delivery, MassLedger, Push, Window
from bot.outbound.rules import Route, Rules
from bot.outbound.states import DeliveryState

CLAIM_S = 30
LOOK_AT = 250  # rows read in one claim: most may wait while few are sent
# Re-asking stops a little before WeChat's own memory ends.
MARGIN = 0.9
AGAIN_S = 10  # doubled with every attempt
MOST_ATTEMPTS = 5
LIMITED = "limited"  # waits for an API's rest to end, not for the person
_S = DeliveryState


RECORDED = (
    *("state", "reason", "msg_id", "code", "rid", "sent_at", "route"),
    *("ask_at", "ask_again_until"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that this worker alone may now send, until its claim ends."""

    id: int
    openid: str
    route: Route
    token: str
    asked_at: datetime
    again: bool
    attempts: int  # this one included


@dataclass(frozen=True, slots=True)
class Moments:
    """now: the office's clock, which people see; wall: the machine's, for leases."""

    now: datetime
    wall: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What one claim transaction found; nothing looked at: the segment has no more to do."""

    claims: tuple[Claim, ...] = ()
    looked_at: int = 0


def claim(
    db: Session, push: Push, segment_id: int, size: int, token: str, at: Moments, rules: Rules
) -> Taken:
    """Claim up to `size` deliveries of a segment, each with its route; the rest wait or end.

    Includes unknown ones that may be asked again, which keep the route they had.
    """
    rows = db.execute(_due(push, segment_id, at, rules)).all()
    braked = ledger.braked(db, at.now)
    resting = frozenset(route for route, call in CALL_OF.items() if call.name in braked)
    claims: list[Claim] = []
    put_by: dict[tuple[_S, str], list[int]] = {}
    for row in rows:
        if len(claims) == size:
            break
        again = row.state == _S.UNKNOWN
        route = Route(row.route) if again else _route(row, push, at, rules, resting)
        if row.following is False and not again:
            put_by.setdefault((_S.SUPPRESSED, "unfollowed"), []).append(row.id)
        elif route is Route.WAIT:
            could = _route(row, push, at, rules, frozenset())
            reason = "no_route" if could is Route.WAIT else LIMITED
            put_by.setdefault((_S.WAITING, reason), []).append(row.id)
        else:
            asked_at = row.asked_at if again else at.now
            attempts = row.attempts + 1
            claims.append(Claim(row.id, row.openid, route, token, asked_at, again, attempts))
    _write_claims(db, push, claims, at, rules)
    _put_by(db, put_by)
    return Taken(tuple(claims), len(rows))


def _due(push: Push, segment_id: int, at: Moments, rules: Rules) -> Select[*tuple[Any, ...]]:
    month = ledger.month_of(at.now)
    notice_id = rules.notice_id(push.purpose)
    pending = and_(
        Delivery.state == _S.PENDING, or_(Delivery.route.is_(None), Delivery.route != Route.MASS)
    )
    askable = and_(
        Delivery.state == _S.UNKNOWN,
        Delivery.ask_at <= at.now,
        Delivery.ask_again_until > at.now,
    )
    return (
        select(
            Delivery.id,
            Delivery.openid,
            Delivery.state,
            Delivery.route,
            Delivery.asked_at,
            Delivery.attempts,
            Follower.following,
            Window.kefu_left,
            Window.kefu_until,
            Consent.kind,
            Consent.credits,
            MassLedger.count.label("mass_count"),
        )
        .outerjoin(Follower, Follower.openid == Delivery.openid)
        .outerjoin(Window, Window.openid == Delivery.openid)
        .outerjoin(
            Consent, and_(Consent.openid == Delivery.openid, Consent.template_id == notice_id)
        )
        .outerjoin(
            MassLedger, and_(MassLedger.openid == Delivery.openid, MassLedger.month == month)
        )
        .where(Delivery.segment_id == segment_id, or_(pending, askable))
        .order_by(Delivery.id)
        .limit(LOOK_AT)
        .with_for_update(of=Delivery, skip_locked=True)
    )


def _route(
    row: Row[Any], push: Push, at: Moments, rules: Rules, resting: frozenset[Route]
) -> Route:
    in_window = row.kefu_until is not None and row.kefu_until > at.now
    standing = Standing(
        kefu_left=row.kefu_left if in_window else 0,
        consent=row.kind or "",
        credits=row.credits or 0,
        mass_this_month=row.mass_count or 0,
    )
    return choose(standing, push.purpose, rules, resting)


def _write_claims(db: Session, push: Push, claims: list[Claim], at: Moments, rules: Rules) -> None:
    """Mark the claims and spend what their routes cost, before anything is sent."""
    set_aside = [c for c in claims if c.route is Route.MASS]
    claims[:] = [c for c in claims if c.route is not Route.MASS]
    if set_aside:
        _by_id(db, [c.id for c in set_aside], route=Route.MASS)
    until = at.wall + timedelta(seconds=CLAIM_S)
    for route in {c.route for c in claims}:
        mine = [c for c in claims if c.route is route]
        fresh = [c for c in mine if not c.again]
        common = {"state": _S.CLAIMED, "claim": mine[0].token, "claimed_until": until}
        attempts = Delivery.attempts + 1
        _by_id(db, [c.id for c in mine if c.again], **common, attempts=attempts)
        _by_id(db, [c.id for c in fresh], **common, attempts=attempts, route=route, asked_at=at.now)
        people = [c.openid for c in fresh]
        if route is Route.KEFU:
            ledger.spend_kefu(db, people)
        elif route is Route.NOTICE_ONCE:
            ledger.spend_credit(db, rules.notice_id(push.purpose), people)


def _put_by(db: Session, put_by: dict[tuple[_S, str], list[int]]) -> None:
    for (state, reason), ids in put_by.items():
        _by_id(db, ids, state=state, reason=reason)


def _by_id(db: Session, ids: Sequence[int], **values: object) -> None:
    if ids:
        db.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**values))


def put_back(db: Session, claims: Iterable[Claim], rules: Rules, purpose: str) -> None:
    """Claims that were not put on the line after all: as if they had never been made."""
    held = list(claims)
    state = {"claim": None, "claimed_until": None}
    _by_id(db, [c.id for c in held if c.again], state=_S.UNKNOWN, **state)
    fresh = [c for c in held if not c.again]
    _by_id(db, [c.id for c in fresh], state=_S.PENDING, route=None, **state)
    for claim in fresh:
        refund(db, claim, rules, purpose)


def refund(db: Session, claim: Claim, rules: Rules, purpose: str) -> None:
    """What the claim had spent is there again: WeChat surely did not take the message."""
    if claim.route is Route.KEFU:
        ledger.refund_kefu(db, claim.openid)
    elif claim.route is Route.NOTICE_ONCE:
        ledger.refund_credit(db, rules.notice_id(purpose), claim.openid)


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one claim. again_until: until when asking again is harmless."""

    claim: Claim
    state: _S
    reason: str = ""
    msg_id: int | None = None
    code: int | None = None
    rid: str = ""
    again_until: datetime | None = None


def record(db: Session, records: Iterable[Record], now: datetime) -> None:
    """Write the outcomes. Only the holder of a claim may: a late one changes nothing."""
    rows = [_values(item, now) for item in records]
    plain = [r for r in rows if r["b_state"] == _S.SENT and r["b_msg_id"] is None]
    if plain:
        _record_alike(db, plain, now)
    others = [r for r in rows if not (r["b_state"] == _S.SENT and r["b_msg_id"] is None)]
    if not others:
        return
    table = cast("Table", Delivery.__table__)
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"), table.c.claim == bindparam("b_claim"))
        .values(claimed_until=None, **{name: bindparam(f"b_{name}") for name in RECORDED})
    )
    db.connection().execute(statement, others)


def _record_alike(db: Session, rows: list[dict[str, object]], now: datetime) -> None:
    """客服消息 and notices carry no id of their own: one statement records them all."""
    for token in {row["b_claim"] for row in rows}:
        ids = [row["b_id"] for row in rows if row["b_claim"] == token]
        db.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.claim == token)
            .values(
                state=_S.SENT, reason=None, claimed_until=None, ask_again_until=None, sent_at=now
            )
        )


def _values(item: Record, now: datetime) -> dict[str, object]:
    back = item.state is _S.PENDING
    return {
        "b_id": item.claim.id,
        "b_claim": item.claim.token,
        "b_state": item.state,
        "b_reason": item.reason or None,
        "b_msg_id": item.msg_id,
        "b_code": item.code,
        "b_rid": item.rid or None,
        "b_ask_at": now + timedelta(seconds=AGAIN_S * 2**item.claim.attempts),
        "b_ask_again_until": item.again_until,
        "b_sent_at": now if item.state is _S.SENT else None,
        "b_route": None if back else item.claim.route,
    }


def askable_until(route: Route, asked_at: datetime) -> datetime | None:
    """Until when the same key may be sent again without a second message; None: never."""
    kept_s = CALL_OF[route].idempotent_s
    return asked_at + timedelta(seconds=kept_s * MARGIN) if kept_s else None


def any_lost(db: Session, wall: datetime) -> bool:
    """Whether a claim has outlived its worker."""
    return bool(db.scalar(select(exists().where(_lost(wall)))))


def _lost(wall: datetime) -> ColumnElement[bool]:
    ended = Delivery.claimed_until.is_not(None) & (Delivery.claimed_until < wall)
    return ended & (Delivery.state == _S.CLAIMED) & (Delivery.route != Route.MASS)


def settle_lost_claims(db: Session, at: Moments, limit: int = 1_000) -> set[int]:
    """Claims whose worker is gone: nobody knows whether WeChat took them. Gives their segments."""
    lost = db.execute(
        select(Delivery.id, Delivery.segment_id, Delivery.route, Delivery.asked_at)
        .where(_lost(at.wall))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in lost:
        _by_id(
            db,
            [row.id],
            state=_S.UNKNOWN,
            reason="interrupted",
            claimed_until=None,
            ask_at=at.now,
            ask_again_until=askable_until(Route(row.route), row.asked_at or at.now),
        )
    return {row.segment_id for row in lost}
