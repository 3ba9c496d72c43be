"""What the forecast's numbers mean for the quotas: sentences for whoever is about to publish."""

from collections.abc import Iterator
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.followers import tags
from bot.outbound import forecast, ledger, tagging, targets
from bot.outbound.calls import MASS, MASS_ALL
from bot.outbound.channels import Standing
from bot.outbound.masses import MOST
from bot.outbound.models import MassBatch
from bot.outbound.rules import KEPT_FOR_TICKETS, Route, Rules
from core.clock import SHANGHAI


def outlook(db: Session, topic: str, rules: Rules, now: datetime) -> list[str]:
    """What sending to a topic would use up, and what stands in its way; empty: nothing to say."""
    found = list(forecast.groups(db, topic, rules, now))
    if rules.subscription:
        return list(_of_subscription(db, topic, rules, now))
    said = [*_of_mass(db, sum(g.people for g in found if g.route is Route.MASS), now)]
    for route, (is_last, sentence) in ENDS.items():
        people = sum(g.people for g in found if g.route is route and is_last(g.standing, rules))
        said += [sentence.format(people=f"{people:,}")] if people else []
    return said


def _last_mass(standing: Standing, rules: Rules) -> bool:
    return standing.mass_this_month + 1 >= rules.mass_a_month


def _last_credit(standing: Standing, _rules: Rules) -> bool:
    return standing.credits == 1


def _last_kefu(standing: Standing, _rules: Rules) -> bool:
    return standing.kefu_left - 1 <= KEPT_FOR_TICKETS


ENDS = {
    Route.MASS: (_last_mass, "发完后，其中 {people} 人本月的群发次数用完，下月才能再群发给他们"),
    Route.NOTICE_ONCE: (_last_credit, "发完后，其中 {people} 人的一次性授权用完"),
    Route.KEFU: (_last_kefu, "发完后，其中 {people} 人余下的客服消息只用于来信答复"),
}


def _of_mass(db: Session, people: int, now: datetime) -> Iterator[str]:
    """WeChat takes 100 calls a day, of up to 10 000 people each."""
    if people:
        used, more = _calls_today(db, now), -(-people // MOST)
        yield f"群发接口今天已调用 {used} 次，发完后 {used + more} 次（每天 {MASS.daily} 次）"


def _calls_today(db: Session, now: datetime) -> int:
    midnight = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    today = select(func.sum(MassBatch.attempts)).where(MassBatch.created_at >= midnight)
    return db.scalar(today) or 0


def _of_subscription(db: Session, topic: str, rules: Rules, now: datetime) -> Iterator[str]:
    """One message a day, to a tag or to all, and nothing else."""
    if Route.MASS not in rules.routes:
        return
    mirror, target = tags.mirror(db, topic), targets.of_topic(db, topic)
    if not target:
        yield f"订阅号不能按名单群发，只能按微信标签：{tagging.say(mirror)}"
        return
    brake = ledger.braked(db, now).get(MASS_ALL.name)
    if brake is not None:
        until = brake.until.astimezone(SHANGHAI) if brake.until else None
        when = f"，{until:%m月%d日} 起可以再发" if until else ""
        yield f"{brake.why}{when}；这些人等到那时收到"
    else:
        yield "今天还没有群发过，发完后今天不能再群发（订阅号每天一次）"
    if target == targets.ALL:
        yield "全部关注者都订阅了这个主题，将群发给全部；开了群发保护的，管理员须在 30 分钟内确认"
    elif mirror is not None:
        yield f"按标签群发：{tagging.say(mirror)}；微信按标签发，人数以微信的回执为准"
