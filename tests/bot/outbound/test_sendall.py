"""A subscription account's one message a day: whole pushes, by tag, each person told once."""

from dataclasses import replace

import pytest

from bot.followers import registry, tags, topics
from bot.followers.models import Pace, TagMark
from bot.outbound import calls, proof, sendall, sweeps
from bot.outbound.forecast import forecast
from bot.outbound.outlook import outlook
from bot.outbound.rules import Route, Rules
from core.db import Database
from core.redis_store import RedisStore
from core.settings import Settings
from tests.bot.outbound.people import House, make_followers, write_in
from tests.bot.outbound.subscription import (
    PEOPLE,
    RULES,
    finished,
    make_subscription_house,
    mass_calls,
    mirror,
    run,
)

pytestmark = pytest.mark.thorough


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    return make_subscription_house(each_database, redis)


def test_a_push_goes_whole_by_its_tag_though_windows_are_open(house: House) -> None:
    mirror(house)
    push_id = house.put()
    run(house)
    (request,) = mass_calls(house)
    assert request.body["filter"] == {"is_to_all": False, "tag_id": 100}
    assert len(request.body["clientmsgid"]) <= 32
    assert not any(r.call is calls.CUSTOM for r in house.wechat.sent)
    status = house.status(push_id)
    assert (status["state"], status["sent"], status["delivered"]) == ("done", 30, 0)


def test_the_second_of_a_day_waits_and_goes_tomorrow(house: House) -> None:
    mirror(house)
    first, second = house.put(key="a"), house.put(key="b")
    run(house)
    run(house)
    assert len(mass_calls(house)) == 1
    assert house.status(first)["sent"] == 30
    assert (house.status(second)["waiting"], house.status(second)["reasons"]) == (
        30,
        {"limited": 30},
    )
    write_in(house, PEOPLE[:5])  # by 客服消息 now they would have it twice tomorrow
    run(house)
    assert house.status(second)["waiting"] == 30
    house.clock.move(hours=24)
    sweeps.ended_brakes(house.engine)
    run(house)
    run(house)
    assert house.status(second)["sent"] == 30
    assert len(mass_calls(house)) == 2


def test_without_a_tag_nobody_is_told_who_did_not_ask(house: House) -> None:
    push_id = house.put()
    house.clock.move(hours=49)
    run(house)
    assert mass_calls(house) == []
    assert house.status(push_id)["reasons"] == {"no_route": 30}


def test_all_are_told_at_once_where_all_follow_the_topic(house: House) -> None:
    with house.database.write() as db:
        topics.follow(db, "other", "budget", house.clock.now())
    push_id = house.put()
    run(house)
    (request,) = mass_calls(house)
    assert request.body["filter"] == {"is_to_all": True}
    assert house.status(push_id)["pending"] == 31  # the administrator may still refuse
    finished(house, "send success", TotalCount=31, SentCount=31)
    run(house)
    assert (house.status(push_id)["sent"], house.status(push_id)["state"]) == (31, "done")


def test_the_call_waits_until_the_tag_is_up_to_date(house: House) -> None:
    mirror(house)
    make_followers(house, ["late"])
    push_id = house.put()
    run(house)
    assert mass_calls(house) == []
    assert "还有 1 人" in house.push(push_id).state_reason
    mirror(house)
    run(house)
    assert house.status(push_id)["sent"] == 31
    assert house.push(push_id).state_reason == ""


def test_whom_the_tag_does_not_reach_waits_and_gets_it_when_they_write(house: House) -> None:
    house.wechat.rule = lambda r: (
        {"errcode": 45059, "errmsg": "no"}
        if r.call is calls.TAG_PEOPLE and "o0007" in r.body["openid_list"]
        else None
    )
    mirror(house)
    push_id = house.put()
    with house.database.read() as db:
        said = forecast(db, "budget", RULES, house.clock.now())
    run(house)
    assert (said[Route.MASS], said[Route.WAIT]) == (29, 1)
    assert (house.status(push_id)["sent"], house.status(push_id)["reasons"]) == (
        29,
        {"not_tagged": 1},
    )
    write_in(house, ["o0007", "o0001"])
    run(house)
    assert house.status(push_id)["sent"] == 30
    told = [r.body["touser"] for r in house.wechat.sent if r.call is calls.CUSTOM]
    assert told == ["o0007"]


def test_who_hears_by_digest_is_not_told_by_the_tag_too(house: House) -> None:
    mirror(house)
    with house.database.write() as db:
        topics.set_pace(db, "o0001", Pace.DAILY, house.clock.now())
    mirror(house)
    push_id = house.put()
    run(house)
    assert "o0001" not in house.wechat.tagged[100]
    assert house.status(push_id)["total"] == 29


def test_a_correction_is_not_sent_to_a_whole_tag(house: House) -> None:
    mirror(house)
    first = house.put(key="first")
    run(house)
    house.clock.move(hours=49)
    sweeps.ended_brakes(house.engine)
    with house.database.write() as db:
        push = sweeps.pushes.get(db, house.put(key="second"))
        push.corrects_id, push.topic = first, "budget"
    run(house)
    assert len(mass_calls(house)) == 1
    assert house.status(push.id)["reasons"] == {"no_route": 30}


def test_the_page_says_why_wechat_counts_otherwise(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.run()
    make_followers(house, ["late1", "late2"])  # after the push was planned
    mirror(house)
    for due in sweeps.due_masses(house.engine):
        sendall.work(house.engine, due)
    finished(house, "send success", TotalCount=32, FilterCount=31, SentCount=31, ErrorCount=0)
    with house.database.read() as db:
        (shown,) = proof.mass_calls(db, push_id)
    assert (shown.way, shown.size, shown.counts) == ("按标签群发", 30, (32, 31, 31, 0))
    assert "群发时标签上有 32 人，其中 30 人是本推送的对象" in shown.note
    assert "有 1 人没有收到" in shown.note


def test_staff_read_before_sending_what_the_day_still_allows(house: House) -> None:
    def said() -> str:
        with house.database.read() as db:
            return "\n".join(outlook(db, "budget", RULES, house.clock.now()))

    assert "尚未同步为微信标签" in said()
    mirror(house)
    assert "今天还没有群发过" in said()
    house.put()
    run(house)
    assert "今天的群发已用（订阅号每天一次），03月03日 起可以再发" in said()


def test_what_a_subscription_account_has_not_is_no_route_of_it() -> None:
    every = ("kefu", "notice_long", "notice_once", "mass", "template", "wait")
    settings = Settings(push_routes=every, wechat_account_type="subscription")
    rules = Rules.of(settings)
    assert rules.routes == (Route.KEFU, Route.MASS, Route.WAIT)
    assert rules.order("ticket") == (Route.KEFU, Route.WAIT)


def test_sendall_left_out_of_the_routes_is_never_called(house: House) -> None:
    mirror(house)
    rules = replace(RULES, routes=(Route.KEFU, Route.WAIT))
    engine = replace(house.engine, rules=rules)
    quiet = replace(house, engine=engine)
    push_id = quiet.put()
    run(quiet)
    assert mass_calls(house) == []
    assert house.status(push_id)["sent"] == 30  # by 客服消息


def test_marks_of_who_left_the_account_do_not_hold_up_the_call(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.run()
    with house.database.write() as db:
        registry.unsubscribed(db, "o0003", house.clock.now())
        assert db.query(TagMark).count() == 29
        assert tags.mirror(db, "budget")
    run(house)
    status = house.status(push_id)
    assert (status["sent"], status["reasons"]) == (29, {"not_tagged": 1})
