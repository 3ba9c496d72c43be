"""Sends the samples' pushes through the real engine to a fake WeChat, receipts included."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.outbound import receipts, sender
from bot.outbound.models import Delivery
from bot.outbound.rules import Route
from bot.outbound.states import DeliveryState
from ops.seeding.past import Past

RECEIPT_AFTER = timedelta(seconds=8)
FAILS_EVERY = 23  # one notice in so many meets somebody who has blocked the account
REFUSED = "failed:user block"


def deliver(past: Past, push_id: int, now: datetime) -> None:
    """Plan and send one push to its end, then take in what WeChat says of it."""
    segments: list[int] = []
    sender.plan(past.engine, push_id, segments.extend)
    for segment in segments:
        sender.work(past.engine, segment)
    take_receipts(past, push_id, now + RECEIPT_AFTER)


def take_receipts(past: Past, push_id: int, now: datetime) -> None:
    """A receipt for each notice and template message that was accepted."""
    columns = (Delivery.id, Delivery.openid, Delivery.route, Delivery.msg_id)
    accepted = select(*columns).where(
        Delivery.push_id == push_id, Delivery.state == DeliveryState.SENT
    )
    template = past.engine.rules.notice_ids[0]
    with past.office.database.write() as db:
        for number, openid, route, msg_id in db.execute(accepted).all():
            failed = number % FAILS_EVERY == 0
            if route == Route.TEMPLATE:
                status = REFUSED if failed else receipts.SUCCESS
                receipts.template_finished(db, openid, msg_id or 0, status, now)
            elif route in (Route.NOTICE_LONG, Route.NOTICE_ONCE):
                item = {
                    "TemplateId": template,
                    "MsgID": "0",
                    "ErrorCode": "1" if failed else "0",
                    "ErrorStatus": "user block" if failed else "success",
                }
                receipts.notice_sent(db, openid, [item], now)
