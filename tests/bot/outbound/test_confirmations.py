"""客服消息 carries disclosures in production only after the bureau has put its name to it."""

from dataclasses import replace

import pytest

from bot.outbound import confirmations
from bot.outbound.forecast import forecast
from bot.outbound.notice import Person
from bot.outbound.rules import Route, Rules
from core.db import Database
from core.errors import Refusal
from core.redis_store import RedisStore
from core.settings import Settings
from tests.bot.outbound.people import make_followers, make_house, ticket_notice, with_rules

IN_PRODUCTION = Rules.of(Settings(app_env="production")).to_confirm


def test_only_production_asks_for_it() -> None:
    assert IN_PRODUCTION == (Route.KEFU,)
    assert Rules.of(Settings()).to_confirm == ()


def test_unconfirmed_it_is_closed_to_disclosures_and_open_to_tickets(
    each_database: Database, redis: RedisStore
) -> None:
    house = with_rules(make_house(each_database, redis), to_confirm=IN_PRODUCTION, mass_a_month=0)
    make_followers(house, ["o1"])
    told, own = house.put(), house.put(ticket_notice(), Person("o1"), key="t")
    with house.database.read() as db:
        foreseen = forecast(db, "budget", house.engine.rules, house.clock.now())
        why = confirmations.closed(db, house.engine.rules)[Route.KEFU]
    assert foreseen[Route.KEFU] == 0
    assert foreseen[Route.WAIT] == 1
    assert "确认" in why
    house.run()
    assert house.deliveries(told)["o1"].state == "waiting"
    assert house.deliveries(own)["o1"].route == Route.KEFU


def test_confirmed_with_a_name_it_is_open_until_that_is_withdrawn(
    each_database: Database, redis: RedisStore
) -> None:
    house = with_rules(make_house(each_database, redis), to_confirm=IN_PRODUCTION)
    make_followers(house, ["o1"])
    now = house.clock.now()
    with house.database.write() as db:
        with pytest.raises(Refusal):
            confirmations.confirm(db, Route.KEFU, "  ", now)
        confirmations.confirm(db, Route.KEFU, "王主任", now)
        confirmations.confirm(db, Route.KEFU, "他人", now)
    with house.database.read() as db:
        row = confirmations.confirmed(db)[Route.KEFU]
        assert (row.confirmed_by, row.confirmed_at) == ("王主任", now)
        assert forecast(db, "budget", house.engine.rules, now)[Route.KEFU] == 1
    told = house.put()
    house.run()
    assert house.deliveries(told)["o1"].route == Route.KEFU
    with house.database.write() as db:
        assert confirmations.withdraw(db, Route.KEFU)
        assert not confirmations.withdraw(db, Route.KEFU)
        assert Route.KEFU in confirmations.closed(db, house.engine.rules)


def test_a_route_that_is_not_in_use_needs_no_name(
    each_database: Database, redis: RedisStore
) -> None:
    rules = replace(
        make_house(each_database, redis).engine.rules,
        routes=(Route.MASS, Route.WAIT),
        to_confirm=IN_PRODUCTION,
    )
    with each_database.read() as db:
        assert confirmations.closed(db, rules) == {}
