"""The forecast counts everybody once, by the way each would really be reached now."""

from collections import Counter
from datetime import timedelta

from bot.followers import registry, topics
from bot.followers.models import Follower
from bot.outbound import ledger, masses
from bot.outbound.forecast import forecast
from bot.outbound.models import Consent, MassLedger, Window
from bot.outbound.rules import Route, Rules
from core.db import Database
from core.redis_store import RedisStore
from core.settings import Settings
from tests.bot.outbound.people import House, consent, make_followers, make_house, write_in
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


def what_happened(house: House, push_id: int) -> dict[Route, int]:
    """The same question asked of the rows afterwards."""
    rows = house.deliveries(push_id).values()
    took = Counter(Route(row.route) if row.state == "sent" else Route.WAIT for row in rows)
    return {route: took[route] for route in (*house.engine.rules.routes, Route.WAIT)}


def people(kind: str, count: int) -> list[str]:
    return [f"{kind}{number:03d}" for number in range(count)]


def test_what_was_forecast_is_what_then_happens(each_database: Database, redis: RedisStore) -> None:
    """A month of it: windows close, credits and a person's four mass sends are used up."""
    house = make_house(each_database, redis)
    everyone = [
        *people("talks", 30),
        *people("long", 20),
        *people("once", 10),
        *people("plain", 40),
    ]
    make_followers(house, everyone)
    for openid in people("long", 20):
        consent(house, openid, "long")
    for openid in people("once", 10):
        consent(house, openid, "once", credits=2)
    house.clock.move(hours=49)  # every window has closed
    month = []
    for week in range(8):
        if week % 2 == 0:
            write_in(house, people("talks", 30 - week))
        with house.database.read() as db:
            said = forecast(db, "budget", house.engine.rules, house.clock.now())
        push_id = house.put(key=f"push{week}")
        house.run()
        masses.work(house.engine, push_id)
        assert what_happened(house, push_id) == said, f"push {week}"
        assert house.status(push_id)["state"] == "done"
        month.append(said)
        house.clock.move(hours=72)
    assert [said[Route.MASS] for said in month] == [40, 70, 52, 80, 14, 38, 2, 24]
    assert month[-1][Route.WAIT] == 56
