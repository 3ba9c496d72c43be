"""Claiming deliveries and recording what became of them: the two short transactions of a send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.followers.models import Follower
from bot.outbound import ledger
from bot.outbound.channels import Standing, choose
from bot.outbound.confirmations import permitted
from bot.outbound.letters import CALL_OF, resting
from bot.outbound.models import Consent, Delivery, MassLedger, Push, Window
from bot.outbound.rules import Route, Rules
from bot.outbound.states import DeliveryState
from bot.outbound.targets import rules_for
from core.db import Moment

LOOK_AT = 250  # rows read in one claim: most may wait while few are sent
# Re-asking stops a little before WeChat's own memory ends.
MARGIN = 0.9
AGAIN_S = 10  # doubled with every attempt
MOST_ATTEMPTS = 5
TABLE = cast("Table", Delivery.__table__)
OF_IDS = update(TABLE).where(TABLE.c.id.in_(bindparam("ids", expanding=True)))
LIMITED = "limited"  # waits for an API's rest to end, not for the person
_S = DeliveryState


NOW = bindparam("now", type_=Moment)
PENDING = and_(
    Delivery.state == _S.PENDING, or_(Delivery.route.is_(None), Delivery.route != Route.MASS)
)
ASKABLE = and_(Delivery.state == _S.UNKNOWN, Delivery.ask_at <= NOW, Delivery.ask_again_until > NOW)
# Written once: putting it together anew costs more than running it. Without an order, as sorting
# would look up the whole segment's ledgers for every part of it.
DUE = (
    select(
        Delivery.id,
        Delivery.openid,
        Delivery.state,
        Delivery.route,
        Delivery.asked_at,
        Delivery.attempts,
        Follower.following,
        case((Window.kefu_until > NOW, Window.kefu_left), else_=0).label("kefu_left"),
        Consent.kind,
        Consent.credits,
        MassLedger.count.label("mass_count"),
    )
    .outerjoin(Follower, Follower.openid == Delivery.openid)
    .outerjoin(Window, Window.openid == Delivery.openid)
    .outerjoin(
        Consent,
        and_(Consent.openid == Delivery.openid, Consent.template_id == bindparam("notice")),
    )
    .outerjoin(
        MassLedger,
        and_(MassLedger.openid == Delivery.openid, MassLedger.month == bindparam("month")),
    )
    .where(Delivery.segment_id == bindparam("segment"), or_(PENDING, ASKABLE))
    .limit(LOOK_AT)
    .with_for_update(of=Delivery, skip_locked=True)
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
    rules = rules_for(db, permitted(db, rules), push.topic, push)
    rows = db.execute(DUE, _due(push, segment_id, at, rules)).all()
    chooser = Chooser(push.purpose, rules, resting(rules, ledger.braked(db, at.now)))
    claims: list[Claim] = []
    put_by: dict[tuple[_S, str], list[int]] = {}
    for row in rows:
        if len(claims) == size:
            break
        again = row.state == _S.UNKNOWN
        route, reason = (Route(row.route), "") if again else chooser.choose(row)
        if row.following is False and not again:
            put_by.setdefault((_S.SUPPRESSED, "unfollowed"), []).append(row.id)
        elif route is Route.WAIT:
            put_by.setdefault((_S.WAITING, reason), []).append(row.id)
        else:
            asked_at = row.asked_at if again else at.now
            attempts = row.attempts + 1
            claims.append(Claim(row.id, row.openid, route, token, asked_at, again, attempts))
    _write_claims(db, push, claims, at, rules)
    _put_by(db, put_by)
    return Taken(tuple(claims), len(rows))


def _due(push: Push, segment_id: int, at: Moments, rules: Rules) -> dict[str, object]:
    """The values of DUE."""
    return {
        "segment": segment_id,
        "now": at.now,
        "month": ledger.month_of(at.now),
        "notice": rules.notice_id(push.purpose),
    }


class Chooser:
    """Chooses a route; people of equal standing, who are many, are decided together."""

    def __init__(self, purpose: str, rules: Rules, resting: frozenset[Route]) -> None:
        self._purpose, self._rules, self._resting = purpose, rules, resting
        self._known: dict[tuple[Any, ...], tuple[Route, str]] = {}

    def choose(self, row: Row[Any]) -> tuple[Route, str]:
        """The route of one row of the ledgers, and for WAIT the reason."""
        key = (row.kefu_left or 0, row.kind or "", row.credits or 0, row.mass_count or 0)
        if key not in self._known:
            self._known[key] = self._decide(Standing(*key))
        return self._known[key]

    def _decide(self, standing: Standing) -> tuple[Route, str]:
        route = choose(standing, self._purpose, self._rules, self._resting)
        if route is not Route.WAIT:
            return route, ""
        could = choose(standing, self._purpose, self._rules)
        return route, "no_route" if could is Route.WAIT else LIMITED


def _write_claims(db: Session, push: Push, claims: list[Claim], at: Moments, rules: Rules) -> None:
    """Mark the claims and spend what their routes cost, before anything is sent."""
    set_aside = [c for c in claims if c.route is Route.MASS]
    claims[:] = [c for c in claims if c.route is not Route.MASS]
    if set_aside:
        _by_id(db, [c.id for c in set_aside], route=Route.MASS)
    until = at.wall + timedelta(seconds=rules.lease_s)
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
        db.connection().execute(OF_IDS.values(**values), {"ids": ids})


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
