"""Recording what became of claims: the second short transaction of a send."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from bot.outbound.deliveries import AGAIN_S, Claim
from bot.outbound.models import Delivery
from bot.outbound.states import DeliveryState

_S = DeliveryState
RECORDED = (
    *("state", "reason", "msg_id", "code", "rid", "sent_at", "route"),
    *("ask_at", "ask_again_until"),
)


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


TABLE = cast("Table", Delivery.__table__)
OF_CLAIM = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("b_id"), TABLE.c.claim == bindparam("b_claim"))
    .values(claimed_until=None, **{name: bindparam(f"b_{name}") for name in RECORDED})
)
ITS_ID = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("b_id"), TABLE.c.claim == bindparam("b_claim"))
    .values(msg_id=bindparam("b_msg_id"))
)
OF_CLAIMS = update(TABLE).where(
    TABLE.c.id.in_(bindparam("ids", expanding=True)), TABLE.c.claim == bindparam("token")
)


def record(db: Session, records: Iterable[Record], now: datetime) -> None:
    """Write the outcomes. Only the holder of a claim may: a late one changes nothing."""
    accepted: list[Record] = []
    others = []
    for item in records:
        if item.state is _S.SENT and item.code is None:
            accepted.append(item)
        else:
            others.append(_values(item, now))
    _record_accepted(db, accepted, now)
    if others:
        db.connection().execute(OF_CLAIM, others)


def _record_accepted(db: Session, accepted: list[Record], now: datetime) -> None:
    """Most of a batch: one statement for them all, and their ids where the route gives one."""
    alike: dict[str, list[int]] = {}
    for item in accepted:
        alike.setdefault(item.claim.token, []).append(item.claim.id)
    nothing = dict.fromkeys(("reason", "code", "rid", "claimed_until", "ask_again_until"))
    sent = OF_CLAIMS.values(state=_S.SENT, sent_at=now, **nothing)
    for token, ids in alike.items():
        db.connection().execute(sent, {"ids": ids, "token": token})
    numbered = [
        {"b_id": item.claim.id, "b_claim": item.claim.token, "b_msg_id": item.msg_id}
        for item in accepted
        if item.msg_id is not None
    ]
    if numbered:
        db.connection().execute(ITS_ID, numbered)


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
