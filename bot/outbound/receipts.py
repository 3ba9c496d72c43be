"""What WeChat tells afterwards: receipts and consents; idempotent, and in any order.

A receipt may come before our own record of the send: it is kept and settled when the row is there.
With client_msg_id some accounts report MsgID 0: such a receipt settles the person's oldest
unreceipted template message (developers.weixin.qq.com/community, 2023-03-21).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from bot.outbound import ledger
from bot.outbound.models import Delivery, MassBatch, SeenReceipt
from bot.outbound.rules import Route
from bot.outbound.settling import heard
from bot.outbound.states import DeliveryState

KEPT_EARLY = timedelta(hours=1)
SUCCESS = "success"
FAILED = {"failed:user block": "user_block", "failed:system failed": "system_failed"}


def template_finished(db: Session, openid: str, msg_id: int, status: str, now: datetime) -> None:
    """TEMPLATESENDJOBFINISH: `status` is success, failed:user block or failed: system failed."""
    key = f"t:{openid}:{msg_id or int(now.timestamp())}"
    _take_in(db, key, openid, msg_id, status, now)


def notice_sent(
    db: Session, openid: str, items: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    """subscribe_msg_sent_event: items carry TemplateId, MsgID, ErrorCode, ErrorStatus."""
    for item in items:
        msg_id = int(item.get("MsgID") or 0)
        ok = str(item.get("ErrorCode", "0")) == "0"
        status = SUCCESS if ok else f"failed:{item.get('ErrorStatus', '')}"
        template_id = str(item.get("TemplateId", ""))
        key = f"s:{openid}:{template_id}:{msg_id or int(now.timestamp())}"
        _take_in(db, key, openid, msg_id, status, now)


def mass_finished(
    db: Session, msg_id: int, status: str, counts: Mapping[str, int], now: datetime
) -> None:
    """MASSSENDJOBFINISH: the batch keeps WeChat's counts; its people stay accepted.

    Only a call to all, which the administrator may refuse, waits for it.
    """
    text = json.dumps({"status": status, **counts})
    _take_in(db, f"m:{msg_id}", "", msg_id, text, now)


def consents_changed(
    db: Session, openid: str, items: Iterable[Mapping[str, Any]], now: datetime, event_key: str
) -> None:
    """Popup and change events: items carry TemplateId, SubscribeStatusString accept or reject.

    event_key: the callback's identity; the same event again changes nothing.
    """
    key = f"c:{event_key}"[:160]
    if db.get(SeenReceipt, key) is not None:
        return
    db.add(SeenReceipt(key=key, openid=openid, status="consent", at=now, settled=True))
    for item in items:
        accepted = item.get("SubscribeStatusString") == "accept"
        ledger.consent(db, openid, str(item["TemplateId"]), accepted, now)


def any_early(db: Session, now: datetime) -> bool:
    return bool(db.scalar(select(exists().where(_early(now)))))


def settle_early(db: Session, now: datetime, limit: int = 500) -> int:
    """Receipts that came before their rows: settle those whose row is there now.

    One that is an hour old belongs to no message of ours.
    """
    waiting = select(SeenReceipt).where(_early(now)).order_by(SeenReceipt.at).limit(limit)
    return sum(_settle(db, receipt) for receipt in db.scalars(waiting))


def _early(now: datetime) -> ColumnElement[bool]:
    return ~SeenReceipt.settled & (SeenReceipt.at > now - KEPT_EARLY)


def _take_in(db: Session, key: str, openid: str, msg_id: int, status: str, now: datetime) -> None:
    if db.get(SeenReceipt, key) is not None:
        return
    receipt = SeenReceipt(key=key, openid=openid, msg_id=msg_id, status=status[:120], at=now)
    receipt.settled = False
    db.add(receipt)
    db.flush()
    _settle(db, receipt)


def _settle(db: Session, receipt: SeenReceipt) -> bool:
    if receipt.key.startswith("m:"):
        return _settle_mass(db, receipt)
    row = _row_of(db, receipt)
    if row is None:
        return False
    status = receipt.status.replace(": ", ":")
    ok = status == SUCCESS
    db.execute(
        update(Delivery)
        .where(Delivery.id == row)
        .values(
            state=DeliveryState.SENT,  # a receipt proves acceptance, also of an unknown outcome
            ask_again_until=None,
            claimed_until=None,
            sent_at=func.coalesce(Delivery.sent_at, receipt.at),
            receipt=receipt.status[:40],
            delivered_at=receipt.at if ok else None,
            reason=None if ok else FAILED.get(status, "system_failed"),
        )
    )
    receipt.settled = True
    return True


def _settle_mass(db: Session, receipt: SeenReceipt) -> bool:
    batch = db.scalar(select(MassBatch).where(MassBatch.msg_id == receipt.msg_id))
    if batch is None:
        return False
    told = json.loads(receipt.status)
    batch.receipt = {"at": receipt.at.isoformat(), **told}
    heard(db, batch, str(told["status"]))
    receipt.settled = True
    return True


def _row_of(db: Session, receipt: SeenReceipt) -> int | None:
    """By WeChat's id; else the person's oldest message of that kind without a receipt."""
    mine = select(Delivery.id).where(Delivery.openid == receipt.openid)
    if receipt.msg_id:
        by_id = db.scalar(mine.where(Delivery.msg_id == receipt.msg_id))
        if by_id is not None:
            return by_id
    routes = (Route.TEMPLATE,) if receipt.key.startswith("t:") else NOTICES
    told = (DeliveryState.SENT, DeliveryState.UNKNOWN)
    candidates = mine.where(
        Delivery.state.in_(told), Delivery.route.in_(routes), Delivery.receipt.is_(None)
    )
    if receipt.msg_id:
        candidates = candidates.where(Delivery.msg_id.is_(None))
    return db.scalar(candidates.order_by(Delivery.asked_at, Delivery.id).limit(1))


NOTICES = (Route.NOTICE_LONG, Route.NOTICE_ONCE)
