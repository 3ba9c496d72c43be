"""A push reaches everyone of its audience once, by a lawful route, and can prove it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.followers import own_page
from bot.outbound import calls, outbox, pushes, sender
from bot.outbound.notice import Person
from bot.outbound.rules import Route
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import (
    House,
    consent,
    make_followers,
    make_house,
    ticket_notice,
    with_rules,
    write_in,
)

PEOPLE = [f"o{i:04d}" for i in range(25)]


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    return make_house(each_database, redis)


def test_everyone_of_the_topic_gets_it_once(house: House) -> None:
    make_followers(house, PEOPLE)
    make_followers(house, ["other"], "fees")
    push_id = house.put()
    house.run()
    assert sorted(r.body["touser"] for r in house.wechat.sent) == PEOPLE
    status = house.status(push_id)
    assert status["state"] == "done"
    assert (status["total"], status["sent"], status["pending"]) == (25, 25, 0)


def test_before_planning_the_audience_counts_as_pending(house: House) -> None:
    make_followers(house, PEOPLE)
    status = house.status(house.put())
    assert (status["state"], status["total"], status["pending"]) == ("planned", 25, 25)


def test_the_same_origin_is_one_push(house: House) -> None:
    make_followers(house, PEOPLE)
    assert house.put(key="disclosure:1") == house.put(key="disclosure:1")


def test_a_job_that_runs_twice_sends_nothing_twice(house: House) -> None:
    make_followers(house, PEOPLE)
    push_id = house.put()
    made: list[int] = []
    sender.plan(house.engine, push_id, made.extend)
    sender.plan(house.engine, push_id, made.extend)
    for segment_id in made * 3:
        sender.work(house.engine, segment_id)
    assert len(house.wechat.sent) == 25


def test_a_push_that_another_worker_plans_is_left_to_it(
    postgres: Database, redis: RedisStore
) -> None:
    house = make_house(postgres, redis)
    make_followers(house, PEOPLE)
    push_id = house.put()
    made: list[int] = []
    with house.database.write() as db:
        assert pushes.alone(db, push_id) is not None
        sender.plan(house.engine, push_id, made.extend)
    assert made == []
    house.run()
    assert len(house.wechat.sent) == 25


def test_without_a_route_it_waits_and_is_handed_over_at_the_next_message(house: House) -> None:
    house = with_rules(house, routes=house.engine.rules.routes[:1])
    make_followers(house, PEOPLE)
    house.clock.move(hours=49)
    push_id = house.put()
    house.run()
    status = house.status(push_id)
    assert (status["waiting"], status["sent"], status["state"]) == (25, 0, "done")
    assert status["reasons"] == {"no_route": 25}
    write_in(house, PEOPLE[:3])
    house.run()
    status = house.status(push_id)
    assert (status["waiting"], status["sent"], status["state"]) == (22, 3, "done")


def test_the_last_two_messages_of_a_window_belong_to_tickets(house: House) -> None:
    make_followers(house, ["o1"])
    house = with_rules(house, routes=house.engine.rules.routes[:1])
    states = []
    for number in range(4):
        push_id = house.put(key=f"d{number}")
        house.run()
        states.append(house.deliveries(push_id)["o1"].state)
    assert states == ["sent", "sent", "sent", "waiting"]
    ticket = house.put(ticket_notice(), Person("o1"), "t")
    house.run()
    assert house.deliveries(ticket)["o1"].route == "kefu"


def test_consents_are_used_before_anything_waits(house: House) -> None:
    make_followers(house, ["long", "once", "none"])
    house.clock.move(hours=49)
    consent(house, "long", "long")
    consent(house, "once", "once", 1)
    house = with_rules(house, routes=(Route.KEFU, Route.NOTICE_LONG, Route.NOTICE_ONCE))
    first, second = house.put(key="1"), house.put(key="2")
    house.run()
    routes = {o: d.route for o, d in house.deliveries(first).items()}
    assert routes == {"long": "notice_long", "once": "notice_once", "none": None}
    states = {o: d.state for o, d in house.deliveries(second).items()}
    assert states == {"long": "sent", "once": "waiting", "none": "waiting"}


def test_news_of_ones_own_matter_waits_beyond_the_window(house: House) -> None:
    house = with_rules(house, template_ids=("", "SANDBOX-TICKET"))
    make_followers(house, ["o1"])
    house.clock.move(days=5)
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    assert house.deliveries(push_id)["o1"].state == "waiting"
    assert house.wechat.sent == []


def test_news_of_ones_own_matter_may_use_a_template_the_bureau_named(house: House) -> None:
    house = with_rules(house, template_ids=("", "OWN-TEMPLATE"))
    make_followers(house, ["o1"])
    house.clock.move(days=5)
    push_id = house.put(ticket_notice(), Person("o1"))
    house.run()
    assert house.deliveries(push_id)["o1"].route == "template"
    assert house.wechat.sent[0].call is calls.TEMPLATE
    assert house.wechat.sent[0].body["client_msg_id"]


def test_the_card_of_ones_own_matter_links_to_it_without_a_code(house: House) -> None:
    house = with_rules(house, template_ids=("", "OWN"), base_url="http://h", secret_key="k")
    make_followers(house, ["o1"])
    house.clock.move(days=5)
    house.put(replace(ticket_notice(), url="/tickets/JY26-0001-A"), Person("o1"))
    house.run()
    page, _, token = str(house.wechat.sent[0].body["url"]).rpartition("/")
    assert page == "http://h/tickets/JY26-0001-A"
    assert own_page.person_of(token, "k", house.clock.now(), "/tickets/JY26-0001-A") == "o1"


def test_at_night_a_disclosure_waits_for_morning_and_a_ticket_does_not(house: House) -> None:
    make_followers(house, ["o1"])
    house.clock.move(hours=13)
    disclosure = house.put(key="d")
    ticket = house.put(ticket_notice(), Person("o1"), "t")
    house.run()
    assert house.status(disclosure)["state"] == "scheduled"
    assert house.status(ticket)["sent"] == 1
    house.clock.move(hours=9)
    house.run()
    assert house.status(disclosure)["sent"] == 1


def test_scheduled_sending_waits_for_its_time(house: House) -> None:
    make_followers(house, ["o1"])
    now = house.clock.now()
    with house.database.write() as db:
        push = outbox.put(
            db, ticket_notice(), Person("o1"), now, origin_key="s", at=now + timedelta(hours=1)
        )
    house.run()
    assert house.status(push.id)["state"] == "scheduled"
    house.clock.move(hours=1)
    house.run()
    assert house.status(push.id)["state"] == "done"


def test_a_cancelled_push_names_everyone_it_did_not_reach(house: House) -> None:
    make_followers(house, PEOPLE)
    push_id = house.put()
    sender.plan(house.engine, push_id, lambda _made: None)
    with house.database.write() as db:
        pushes.cancel(db, push_id, house.clock.now())
    house.run()
    status = house.status(push_id)
    assert (status["state"], status["suppressed"], status["total"]) == ("cancelled", 25, 25)
    assert house.wechat.sent == []


def test_a_push_cancelled_before_planning_reaches_nobody(house: House) -> None:
    make_followers(house, PEOPLE)
    push_id = house.put()
    with house.database.write() as db:
        pushes.cancel(db, push_id, house.clock.now())
    house.run()
    assert house.wechat.sent == []
    assert house.status(push_id)["pending"] == 0


def test_a_paused_push_goes_on_where_it_stopped(house: House) -> None:
    make_followers(house, PEOPLE)
    push_id = house.put()
    sender.plan(house.engine, push_id, lambda _made: None)
    with house.database.write() as db:
        pushes.pause(db, push_id, house.clock.now())
    house.run()
    assert house.wechat.sent == []
    with house.database.write() as db:
        pushes.resume(db, push_id, house.clock.now())
    house.run()
    assert house.status(push_id)["sent"] == 25


def test_who_left_before_the_send_is_named(house: House) -> None:
    make_followers(house, ["o1", "o2"])
    push_id = house.put()
    sender.plan(house.engine, push_id, lambda _made: None)
    with house.database.write() as db:
        from_db = db.connection()
        from_db.exec_driver_sql("UPDATE followers SET following = false WHERE openid = 'o2'")
    house.wall.move(minutes=2)
    house.run()
    status = house.status(push_id)
    assert (status["sent"], status["suppressed"]) == (1, 1)
    assert status["reasons"] == {"unfollowed": 1}


def test_a_thousand_and_one_people_are_two_segments(house: House) -> None:
    make_followers(house, [f"p{i:05d}" for i in range(1_001)])
    made: list[int] = []
    push_id = house.put()
    sender.plan(house.engine, push_id, made.extend)
    assert len(made) == 2
    assert len(house.deliveries(push_id)) == 1_001


def test_the_audience_shown_is_the_one_it_was_planned_for(house: House) -> None:
    """At night a push waits for morning, and people follow meanwhile."""
    push_id = house.put()
    make_followers(house, ["o1", "o2"])
    house.run()
    with house.database.read() as db:
        assert pushes.get(db, push_id).audience == 2
