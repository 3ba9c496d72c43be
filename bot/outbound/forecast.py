"""Before anything is sent: how many of a topic's followers each route would reach now."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from bot.followers.models import Follow, Follower, Pace
from bot.outbound import ledger, letters, targets
from bot.outbound.channels import Standing, choose
from bot.outbound.confirmations import permitted
from bot.outbound.models import Consent, MassLedger, Window
from bot.outbound.notice import DISCLOSURE
from bot.outbound.rules import Route, Rules
from bot.outbound.targets import rules_for


@dataclass(frozen=True, slots=True)
class Group:
    """People of equal standing, and the route that would reach them now."""

    route: Route
    standing: Standing
    people: int


def forecast(db: Session, topic: str, rules: Rules, now: datetime) -> dict[Route, int]:
    """Route → people, in the order of the rules; together they are the topic's audience.

    Routes the bureau has yet to confirm are left out: `confirmations.closed` gives them with the
    reason.
    """
    found: Counter[Route] = Counter()
    for group in groups(db, topic, rules, now):
        found[group.route] += group.people
    beyond = targets.beyond_tag(db, topic) if rules.subscription and found[Route.MASS] else 0
    found.update({Route.MASS: -beyond, Route.WAIT: beyond})
    return {route: found[route] for route in (*rules.order(DISCLOSURE), Route.WAIT)}


def groups(db: Session, topic: str, rules: Rules, now: datetime) -> Iterator[Group]:
    """The audience by standing: the planner's own choice is asked once a group, not a person."""
    rules = rules_for(db, permitted(db, rules), topic)
    resting = letters.resting(rules, ledger.braked(db, now))
    for row in db.execute(_standings(topic, rules, now)):
        standing = Standing(row.kefu_left, row.consent, row.credits, row.masses)
        route = choose(standing, DISCLOSURE, rules, resting)
        yield Group(route, standing, row.people)


def _standings(topic: str, rules: Rules, now: datetime) -> Select[tuple[int, str, int, int, int]]:
    open_now = case((Window.kefu_until > now, Window.kefu_left), else_=0)
    kefu_left = func.coalesce(open_now, 0).label("kefu_left")
    consent = func.coalesce(Consent.kind, "").label("consent")
    credits = case((Consent.credits > 1, 2), (Consent.credits > 0, 1), else_=0).label("credits")
    masses = func.coalesce(MassLedger.count, 0).label("masses")
    mine = Consent.template_id == rules.notice_id(DISCLOSURE)
    this_month = MassLedger.month == ledger.month_of(now)
    return (
        select(kefu_left, consent, credits, masses, func.count().label("people"))
        .select_from(Follow)
        .join(Follower, Follower.openid == Follow.openid)
        .outerjoin(Window, Window.openid == Follow.openid)
        .outerjoin(Consent, and_(Consent.openid == Follow.openid, mine))
        .outerjoin(MassLedger, and_(MassLedger.openid == Follow.openid, this_month))
        .where(Follow.topic == topic, Follower.following, Follow.pace == Pace.NOW)
        .group_by(kefu_left, consent, credits, masses)
    )
