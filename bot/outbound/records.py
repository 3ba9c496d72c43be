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
OF_CLAIMS = update(TABLE).where(
    TABLE.c.id.in_(bindparam("ids", expanding=True)), TABLE.c.claim == bindparam("token")
)


def record(db: Session, records: Iterable[Record], now: datetime) -> None:
    """Write the outcomes. Only the holder of a claim may: a late one changes nothing."""
    alike: dict[str, list[int]] = {}
    others = []
    for item in records:
        if item.state is _S.SENT and item.msg_id is None:
            alike.setdefault(item.claim.token, []).append(item.claim.id)
        else:
            others.append(_values(item, now))
    for token, ids in alike.items():
        _record_alike(db, token, ids, now)
    if others:
        db.connection().execute(OF_CLAIM, others)


def _record_alike(db: Session, token: str, ids: list[int], now: datetime) -> None:
    """客服消息 and notices carry no id of their own: one statement records them all."""
    accepted = OF_CLAIMS.values(
        state=_S.SENT, reason=None, claimed_until=None, ask_again_until=None, sent_at=now
    )
    db.connection().execute(accepted, {"ids": ids, "token": token})


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
