"""The forecast counts everybody once, by the way each would really be reached now."""

from datetime import timedelta

from bot.followers import registry, topics
from bot.followers.models import Follower
from bot.outbound import ledger
from bot.outbound.forecast import forecast
from bot.outbound.models import Consent, MassLedger, Window
from bot.outbound.rules import Route, Rules
from core.db import Database
from core.settings import Settings
from tests.clocks import FixedClock

PEOPLE = ("talker", "spent", "long", "once", "used", "full", "plain", "gone")


def test_everybody_is_counted_once_by_the_first_open_route(
    each_database: Database, clock: FixedClock, settings: Settings
) -> None:
    rules, now = Rules.of(settings), clock.now()
    notice, month = rules.notice_id("disclosure"), ledger.month_of(now)
    later = now + timedelta(hours=1)
    with each_database.write() as db:
        topics.load_reference(db)
        for openid in PEOPLE:
            registry.subscribed(db, openid, now)
            topics.follow(db, openid, "budget", now)
        db.flush()
        for openid, left in (("talker", 5), ("spent", 2)):
            window = {"kefu_until": later, "trigger": "message", "seen_at": now}
            db.add(Window(openid=openid, kefu_left=left, **window))
        for openid, kind, credits in (
            ("long", "long", 0),
            ("once", "once", 1),
            ("used", "once", 0),
        ):
            consent = {"template_id": notice, "changed_at": now}
            db.add(Consent(openid=openid, kind=kind, credits=credits, **consent))
        db.add(MassLedger(openid="full", month=month, count=4))
        db.get_one(Follower, "gone").following = False
    with each_database.read() as db:
        found = forecast(db, "budget", rules, now)
    assert found == {
        Route.KEFU: 1,
        Route.NOTICE_LONG: 1,
        Route.NOTICE_ONCE: 1,
        Route.MASS: 3,
        Route.WAIT: 1,
    }
