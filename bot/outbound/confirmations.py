"""Routes that the bureau must confirm before disclosures take them: who confirmed, and when.

客服消息 is meant for answering people (developers.weixin.qq.com/doc/service/guide/product/message:
客服消息只用于客户服务); whether a bureau may tell followers of its publications by it is for the
bureau to decide, and in production nothing is sent by it until somebody has put their name to that.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.models import RouteConfirmation
from bot.outbound.rules import ROUTE_LABELS, Route, Rules
from core.errors import Refusal

UNCONFIRMED = "用{label}发公开信息须先由本单位确认（flask push confirm {route} --by 姓名）"


def confirm(db: Session, route: Route, by: str, now: datetime) -> RouteConfirmation:
    """Somebody answers for the use of this route for disclosures; the first name stays.

    Raises Refusal without a name.
    """
    by = by.strip()
    if not by:
        raise Refusal("请写明由谁确认。")
    row = db.get(RouteConfirmation, route.value)
    if row is None:
        row = RouteConfirmation(route=route.value, confirmed_by=by[:60], confirmed_at=now)
        db.add(row)
        db.flush()
    return row


def withdraw(db: Session, route: Route) -> bool:
    """The route is closed again; False when it was not confirmed."""
    row = db.get(RouteConfirmation, route.value)
    if row is not None:
        db.delete(row)
        db.flush()
    return row is not None


def confirmed(db: Session) -> dict[Route, RouteConfirmation]:
    return {Route(row.route): row for row in db.scalars(select(RouteConfirmation))}


def closed(db: Session, rules: Rules) -> dict[Route, str]:
    """Routes of the rules that disclosures may not take yet, and why; empty outside production."""
    wanted = [route for route in rules.to_confirm if route in rules.routes]
    known = confirmed(db) if wanted else {}
    return {
        route: UNCONFIRMED.format(label=ROUTE_LABELS[route], route=route.value)
        for route in wanted
        if route not in known
    }


def permitted(db: Session, rules: Rules) -> Rules:
    """The rules without the routes that are closed to disclosures; tickets keep theirs."""
    shut = closed(db, rules)
    if not shut:
        return rules
    return replace(rules, routes=tuple(route for route in rules.routes if route not in shut))
