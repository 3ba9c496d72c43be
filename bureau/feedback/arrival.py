"""Whether what we wrote arrived, by which route, and until when WeChat lets us write at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.models import Delivery, Window
from bot.outbound.rules import ROUTE_LABELS, Route
from bot.outbound.states import DELIVERY_LABELS, DeliveryState
from bureau.feedback import deadlines
from bureau.feedback.history import TicketReply
from bureau.feedback.models import Ticket

NOT_BY_WECHAT = "来自网页，来信人凭编号和查询码查看"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one reply, in a clerk's words; `reached` by WeChat's own account."""

    words: str
    reached: bool
    at: datetime | None = None


def arrivals(db: Session, replies: Iterable[TicketReply]) -> dict[int, Arrival]:
    """reply id → what became of it, for replies that were sent."""
    sent = {reply.id: reply.push_id for reply in replies if reply.state == "sent"}
    pushes = [push for push in sent.values() if push is not None]
    query = select(Delivery).where(Delivery.push_id.in_(pushes))
    rows = {row.push_id: row for row in db.scalars(query)} if pushes else {}
    return {
        reply: _arrival(rows.get(push)) if push is not None else Arrival(NOT_BY_WECHAT, False)
        for reply, push in sent.items()
    }


def windows(db: Session, tickets: Iterable[Ticket]) -> dict[int, datetime]:
    """ticket id → until when 客服消息 may be sent to its sender; absent without WeChat.

    By the ledger of what people wrote last; until that knows them, 48 hours after the letter.
    A spent window counts as closed.
    """
    mine = [ticket for ticket in tickets if ticket.openid is not None]
    if not mine:
        return {}
    query = select(Window).where(Window.openid.in_({ticket.openid for ticket in mine}))
    known = {row.openid: row for row in db.scalars(query)}
    return {ticket.id: _until(ticket, known.get(ticket.openid or "")) for ticket in mine}


def _until(ticket: Ticket, window: Window | None) -> datetime:
    if window is None:
        return deadlines.window_until(ticket)
    return window.kefu_until if window.kefu_left > 0 else window.seen_at


def _arrival(row: Delivery | None) -> Arrival:
    if row is None or row.state == DeliveryState.CLAIMED:
        return Arrival(DELIVERY_LABELS["pending"], False)
    reached = row.delivered_at is not None
    words = DELIVERY_LABELS["delivered" if reached else row.state]
    if row.route and row.state == DeliveryState.SENT:
        words = f"{words}（{ROUTE_LABELS[Route(row.route)]}）"
    return Arrival(words, reached, row.delivered_at or row.sent_at)
