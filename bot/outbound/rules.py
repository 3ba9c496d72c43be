"""The numbers and orders that sending keeps to, taken from the settings once."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Self

from bot.outbound.notice import TICKET
from core.clock import SHANGHAI
from core.settings import Settings


class Route(StrEnum):
    """The ways WeChat lets a notice go."""

    KEFU = "kefu"
    NOTICE_LONG = "notice_long"
    NOTICE_ONCE = "notice_once"
    MASS = "mass"
    TEMPLATE = "template"
    WAIT = "wait"


ROUTE_LABELS: dict[Route, str] = {
    Route.KEFU: "客服消息",
    Route.NOTICE_LONG: "长期订阅通知",
    Route.NOTICE_ONCE: "一次性订阅通知",
    Route.MASS: "群发",
    Route.TEMPLATE: "模板消息",
    Route.WAIT: "等待来信",
}
# News of a person's own matter: what the window does not carry waits for the next message, unless
# the bureau names a template of its own; templates are meant for exactly that
# (developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface).
TICKET_ROUTES = (Route.KEFU, Route.NOTICE_LONG, Route.NOTICE_ONCE)
# A 订阅号 has neither (48001; developers.weixin.qq.com/doc/service/Subscription_Messages/intro).
SERVICE_ONLY = (Route.NOTICE_LONG, Route.NOTICE_ONCE, Route.TEMPLATE)
OF_SANDBOX = "SANDBOX-"  # how the template ids of the sandbox begin
# Of the five 客服消息 of a window the last two belong to tickets.
KEPT_FOR_TICKETS = 2
LEASE_S = 30.0
MASS_A_MONTH = 4  # developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends


@dataclass(frozen=True, slots=True)
class Rules:
    """routes: for disclosures, in order. rate: messages a second over all workers.

    lease_s: after how long without a sign a worker counts as dead, and its claims as unknown.
    """

    routes: tuple[Route, ...]
    rate: int
    quiet_from: time | None
    quiet_until: time | None
    notice_ids: tuple[str, str]  # disclosure, ticket
    template_ids: tuple[str, str]
    base_url: str = ""
    secret_key: str = field(default="", repr=False)
    mass_a_month: int = MASS_A_MONTH
    lease_s: float = LEASE_S
    to_confirm: tuple[Route, ...] = ()  # closed to disclosures until the bureau confirms them
    subscription: bool = False  # a 订阅号: no notices, no templates, one sendall a day

    @classmethod
    def of(cls, settings: Settings) -> Self:
        start, until = parse_quiet(settings.quiet_hours)
        subscription = settings.wechat_account_type == "subscription"
        closed = SERVICE_ONLY if subscription else ()
        return cls(
            routes=tuple(r for r in map(Route, settings.push_routes) if r not in closed),
            rate=max(settings.push_rate, 1),
            quiet_from=start,
            quiet_until=until,
            notice_ids=(settings.wechat_notice_disclosure, settings.wechat_notice_ticket),
            base_url=settings.base_url,
            secret_key=settings.secret_key,
            template_ids=(settings.wechat_template_disclosure, settings.wechat_template_ticket),
            to_confirm=(Route.KEFU,) if settings.production else (),
            subscription=subscription,
        )

    def order(self, purpose: str) -> tuple[Route, ...]:
        if purpose != TICKET:
            return self.routes
        if self.subscription:
            return (Route.KEFU, Route.WAIT)
        named = not self.template_id(purpose).startswith(OF_SANDBOX)
        return (*TICKET_ROUTES, *((Route.TEMPLATE,) if named else ()), Route.WAIT)

    def notice_id(self, purpose: str) -> str:
        return self.notice_ids[purpose == TICKET]

    def template_id(self, purpose: str) -> str:
        return self.template_ids[purpose == TICKET]

    def quiet_end(self, purpose: str, urgent: bool, now: datetime) -> datetime | None:
        """When sending may go on; None: now. A person's own matter and urgent news always may."""
        if purpose == TICKET or urgent or self.quiet_from is None or self.quiet_until is None:
            return None
        local = now.astimezone(SHANGHAI)
        minute = local.time()
        over_midnight = self.quiet_from > self.quiet_until
        after, before = minute >= self.quiet_from, minute < self.quiet_until
        if not ((after or before) if over_midnight else (after and before)):
            return None
        end = datetime.combine(local.date(), self.quiet_until, SHANGHAI)
        return end + timedelta(days=1) if over_midnight and after else end


def parse_quiet(text: str) -> tuple[time | None, time | None]:
    """`21:00-08:00` → its two times; empty: no quiet hours. Raises ValueError for other text."""
    if not text.strip():
        return None, None
    start, _, until = text.partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(until.strip())


def next_midnight(now: datetime) -> datetime:
    """When WeChat's daily counts begin anew (00:00 in China)."""
    day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(), SHANGHAI)
