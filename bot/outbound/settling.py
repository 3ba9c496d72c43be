"""What came of a sendall, brought to its people: some thousands of rows a transaction."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.outbound import ledger
from bot.outbound.calls import MASS_ALL
from bot.outbound.errors import BY_CODE, QuotaSpent, WechatError
from bot.outbound.masses import AGAIN_WITHIN
from bot.outbound.models import Delivery, MassBatch, Push
from bot.outbound.rules import Route
from bot.outbound.states import DeliveryState, PushState

_D = DeliveryState
ENDED = ("sent", "failed", "refused")
SUCCESS = ("send success", "SEND_SUCCESS")
GOING_ON = ("", "SENDING")
# WxConsts.MassMsgStatus, binarywang/WxJava: what the administrator did within 30 minutes
ADMINISTRATOR = {40001: "admin_refused", 40002: "admin_silent"}
CODE = re.compile(r"err\((\d+)\)")


def heard(db: Session, batch: MassBatch, status: str) -> None:
    """WeChat's event or mass/get says what became of a call to all; anything else is only kept.

    A call that failed has not used up the day.
    """
    if batch.state != "confirming" or status in GOING_ON:
        return
    if status in SUCCESS:
        batch.state = "sent"
        return
    code = CODE.match(status)
    batch.state, batch.code = "failed", int(code[1]) if code else None
    brake = ledger.of_call(db, MASS_ALL.name)
    if brake is not None and brake.code == 0:
        ledger.release(db, MASS_ALL.name)


def unsettled() -> ColumnElement[bool]:
    """For a batch: some of its people do not stand yet where it ended."""
    mine = and_(Delivery.push_id == MassBatch.push_id, Delivery.claim == MassBatch.clientmsgid)
    open_ = exists().where(mine, Delivery.state.in_((_D.CLAIMED, _D.UNKNOWN)))
    claimed = exists().where(mine, Delivery.state == _D.CLAIMED)
    in_doubt = MassBatch.state.in_(("unknown", "lost"))
    return or_(MassBatch.state.in_(ENDED) & open_, in_doubt & claimed)


def settle_step(db: Session, batch: MassBatch, push: Push, now: datetime, step: int) -> int:
    """Give the next of a batch's people their outcome; how many."""
    if batch.state not in (*ENDED, "unknown", "lost"):
        return 0
    states = (_D.CLAIMED, _D.UNKNOWN) if batch.state in ENDED else (_D.CLAIMED,)
    mine = (Delivery.push_id == push.id, Delivery.claim == batch.clientmsgid)
    some = select(Delivery.id).where(*mine, Delivery.state.in_(states)).limit(step)
    ids = list(db.scalars(some))
    set_all(db, ids, **_outcome(batch, push, now))
    return len(ids)


def set_all(db: Session, ids: list[int], **values: object) -> None:
    """The same values for these deliveries."""
    for start in range(0, len(ids), 1_000):
        part = ids[start : start + 1_000]
        db.execute(update(Delivery).where(Delivery.id.in_(part)).values(**values))


def _outcome(batch: MassBatch, push: Push, now: datetime) -> Mapping[str, Any]:
    told = {"code": batch.code, "rid": batch.rid}
    if batch.state == "sent":
        return {"state": _D.SENT, "msg_id": batch.msg_id, "sent_at": now, "reason": None}
    if batch.state == "failed":
        return {"state": _D.FAILED, "reason": reason_of(batch.code), **told}
    if batch.state == "refused":
        return {"claim": None, **_not_taken(batch, push)}
    until = batch.created_at + AGAIN_WITHIN if batch.state == "unknown" else None
    return {"state": _D.UNKNOWN, "reason": "system_error", "ask_again_until": until, **told}


def _not_taken(batch: MassBatch, push: Push) -> Mapping[str, Any]:
    """As if it had never been called: set aside, or waiting for the day's quota."""
    if push.state == PushState.CANCELLED:
        return {"state": _D.SUPPRESSED, "reason": "cancelled"}
    if BY_CODE.get(batch.code or 0) is QuotaSpent:
        return {"state": _D.WAITING, "reason": "limited", "route": None}
    return {"state": _D.PENDING, "route": Route.MASS}


def reason_of(code: int | None) -> str:
    return ADMINISTRATOR.get(code or 0) or BY_CODE.get(code or 0, WechatError).reason
