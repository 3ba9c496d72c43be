"""News of a person's own matters that came while they were away."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.outbound.models import Delivery, Push
from bot.outbound.notice import TICKET
from bot.outbound.states import DeliveryState, PushState


def wait_again(db: Session, openid: str) -> int:
    """What was dropped because they had left waits until they next write; gives how many."""
    mine = (
        select(Delivery.id)
        .join(Push, Push.id == Delivery.push_id)
        .where(
            Delivery.openid == openid,
            Delivery.state == DeliveryState.SUPPRESSED,
            Delivery.reason == "unfollowed",
            Push.purpose == TICKET,
            Push.state != PushState.CANCELLED,
        )
    )
    ids = list(db.scalars(mine))
    waiting = {"state": DeliveryState.WAITING, "reason": "no_route", "route": None}
    db.execute(update(Delivery).where(Delivery.id.in_(ids)).values(**waiting))
    return len(ids)
