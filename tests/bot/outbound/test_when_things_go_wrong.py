"""Whatever fails, everybody ends with exactly one accepted message or one named reason."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.outbound import calls, pushes, sender, sweeps
from bot.outbound.calls import Request
from bot.outbound.models import Delivery, Window
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
)

pytestmark = pytest.mark.thorough

PEOPLE = [f"o{i:04d}" for i in range(30)]


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    made = make_house(each_database, redis)
    make_followers(made, PEOPLE)
    return with_rules(made, routes=(Route.KEFU, Route.NOTICE_LONG, Route.WAIT))


def error(code: int, message: str = "no rid: 5f-01") -> dict[str, Any]:
    return {"errcode": code, "errmsg": message}


def accepted(house: House) -> Counter[str]:
    """How many messages each person's phone really got."""
    return Counter(str(request.body["touser"]) for request in house.wechat.sent)


def for_one(openid: str, code: int) -> Callable[[Request], Mapping[str, Any] | None]:
    return lambda request: error(code) if request.body.get("touser") == openid else None


class PowerCut(BaseException):
    """The worker is gone in the middle of a send."""


def cut_after(house: House, count: int) -> None:
    """The line is cut after `count` messages were accepted by WeChat."""

    def rule(_request: Request) -> None:
        if len(house.wechat.sent) == count:
            raise PowerCut

    house.wechat.rule = rule


def test_a_worker_killed_between_claim_and_record_loses_and_doubles_nobody(house: House) -> None:
    push_id = house.put()
    cut_after(house, 11)
    with pytest.raises(PowerCut):
        house.run()
    house.wechat.rule = None
    house.wall.move(minutes=2)
    sweeps.lost_claims(house.engine)
    house.run()
    status = house.status(push_id)
    assert max(accepted(house).values()) == 1
    assert status["pending"] == 0
    assert status["sent"] + status["unknown"] == len(PEOPLE)
    assert status["reasons"] == {"interrupted": status["unknown"]}
    assert status["state"] == "done"


def test_killed_at_any_moment_nothing_goes_twice(house: House) -> None:
    house = with_rules(house, rate=16)  # batches of four
    push_id = house.put()
    for count in (0, 3, 4, 9, 13):
        cut_after(house, count)
        with pytest.raises(PowerCut):
            house.run()
        house.wall.move(minutes=2)
        sweeps.lost_claims(house.engine)
    house.wechat.rule = None
    house.run()
    status = house.status(push_id)
    assert max(accepted(house).values()) == 1
    assert status["sent"] + status["unknown"] == len(PEOPLE)
    assert status["state"] == "done"


def test_an_interrupted_template_is_asked_again_under_the_same_id(house: House) -> None:
    house.clock.move(hours=49)
    push_id = house.put(ticket_notice(), Person("o0001"))

    def rule(request: Request) -> None:
        house.wechat.rule = None
        house.wechat.perform(request)
        raise PowerCut

    house.wechat.rule = rule
    with pytest.raises(PowerCut):
        house.run()
    house.wall.move(minutes=2)
    sweeps.lost_claims(house.engine)
    assert house.status(push_id)["unknown"] == 1
    sweeps.unknown_again(house.engine)
    house.run()
    assert house.status(push_id)["sent"] == 1
    assert accepted(house) == {"o0001": 1}


def test_an_unknown_template_past_wechats_memory_stays_unknown(house: House) -> None:
    house.clock.move(hours=49)
    push_id = house.put(ticket_notice(), Person("o0001"))
    house.wechat.rule = lambda _request: error(-1, "system error rid: 5f-09")
    house.run()
    assert house.status(push_id)["state"] == "sending"
    house.wechat.rule = None
    house.clock.move(minutes=11)
    sweeps.unknown_again(house.engine)
    sweeps.stalled_pushes(house.engine)
    house.run()
    status = house.status(push_id)
    assert (status["state"], status["unknown"]) == ("done", 1)
    assert house.deliveries(push_id)["o0001"].rid == "5f-09"
    assert house.wechat.sent == []


def test_system_error_without_an_id_is_never_asked_again(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = for_one("o0003", -1)
    house.run()
    house.wechat.rule = None
    house.run()
    status = house.status(push_id)
    assert (status["sent"], status["unknown"]) == (29, 1)
    assert status["reasons"] == {"system_error": 1}
    assert accepted(house)["o0003"] == 0


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        (43004, "failed", "unfollowed"),
        (48002, "failed", "blocked"),
        (40003, "failed", "invalid_openid"),
        (45002, "failed", "bad_content"),
        (99999, "failed", "rejected"),
        (45047, "waiting", "no_route"),
        (45015, "waiting", "no_route"),
    ],
)
def test_what_wechat_says_of_one_person_ends_that_delivery_only(
    house: House, code: int, state: str, reason: str
) -> None:
    push_id = house.put()
    house.wechat.rule = for_one("o0003", code)
    house.run()
    one = house.deliveries(push_id)["o0003"]
    assert (one.state, one.reason) == (state, reason)
    assert house.status(push_id)["sent"] == 29


def test_a_closed_window_falls_back_to_the_next_route(house: House) -> None:
    consent(house, "o0003", "long")
    push_id = house.put()
    house.wechat.rule = lambda request: (
        error(45015) if request.call is calls.CUSTOM and request.body["touser"] == "o0003" else None
    )
    house.run()
    one = house.deliveries(push_id)["o0003"]
    assert (one.state, one.route) == ("sent", "notice_long")


def test_a_refused_notice_takes_the_consent_away(house: House) -> None:
    house = with_rules(house, routes=(Route.NOTICE_LONG, Route.WAIT))
    consent(house, "o0003", "long")
    house.wechat.rule = for_one("o0003", 43101)
    push_id = house.put()
    house.run()
    assert house.deliveries(push_id)["o0003"].state == "waiting"


def test_a_refused_template_is_a_named_failure(house: House) -> None:
    house.clock.move(hours=49)
    house.wechat.rule = for_one("o0001", 43101)
    push_id = house.put(ticket_notice(), Person("o0001"))
    house.run()
    assert house.status(push_id)["reasons"] == {"refused": 1}


def test_a_refused_account_pauses_the_push_and_says_why(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = lambda _request: error(48001, "api unauthorized rid: 5f-07")
    house.run()
    push = house.push(push_id)
    assert push.state == "paused"
    assert "48001" in push.state_reason
    assert "5f-07" in push.state_reason
    assert house.status(push_id)["pending"] == 30
    house.wechat.rule = None
    with house.database.write() as db:
        pushes.resume(db, push_id, house.clock.now())
    house.run()
    assert accepted(house) == dict.fromkeys(PEOPLE, 1)


def test_another_push_does_not_start_while_the_account_is_refused(house: House) -> None:
    house.put(key="first")
    house.wechat.rule = lambda _request: error(40164)
    house.run()
    asked: list[Request] = []
    house.wechat.rule = lambda request: asked.append(request)
    second = house.put(key="second")
    with house.database.read() as db:
        assert sweeps.due_pushes(db, house.clock.now()) == [second]
    sender.plan(house.engine, second, lambda _made: None)
    assert asked == []


def test_the_days_quota_at_sixty_percent_waits_for_midnight_by_name(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = lambda _request: error(45009) if len(house.wechat.sent) >= 18 else None
    house.run()
    status = house.status(push_id)
    assert (status["sent"], status["waiting"]) == (18, 12)
    assert status["reasons"] == {"limited": 12}
    house.wechat.rule = None
    house.clock.moment = house.clock.moment.replace(hour=9) + timedelta(days=1)
    assert sweeps.ended_brakes(house.engine) == 12
    house.run()
    assert accepted(house) == dict.fromkeys(PEOPLE, 1)
    assert house.status(push_id)["state"] == "done"


def test_too_many_in_a_minute_rests_and_goes_on(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = lambda _request: error(45011) if len(house.wechat.sent) >= 10 else None
    house.run()
    assert house.status(push_id)["pending"] == 20
    assert house.status(push_id)["state"] == "sending"
    house.wechat.rule = None
    house.wall.move(minutes=2)
    house.engine.limiter._redis.client.flushall()  # the minute is over
    house.engine.limiter._free = 0
    house.run()
    assert accepted(house) == dict.fromkeys(PEOPLE, 1)


def test_what_wechat_did_not_take_is_not_spent(house: House) -> None:
    house.put()
    house.wechat.rule = lambda _request: error(45011)
    house.run()
    with house.database.read() as db:
        assert {window.kefu_left for window in db.query(Window)} == {5}


def test_a_late_record_of_a_lost_worker_changes_nothing(house: House) -> None:
    push_id = house.put()
    made: list[int] = []
    sender.plan(house.engine, push_id, made.extend)
    with house.database.write() as db:
        db.query(Delivery).update({"state": "sent", "claim": "somebody else"})
    assert sender.work(house.engine, made[0]) == 0
    assert house.wechat.sent == []


def test_people_without_a_delivery_are_found_and_served(house: House) -> None:
    push_id = house.put()
    house.run()
    with house.database.write() as db:
        db.query(Delivery).where(Delivery.openid == "o0007").delete()
    house.wechat.sent.clear()
    house.clock.move(minutes=2)
    assert sweeps.missing_people(house.engine) == 1
    house.run()
    assert accepted(house) == {"o0007": 1}
    assert sweeps.missing_people(house.engine) == 0
    assert house.status(push_id)["total"] == 30


def test_planning_cut_short_goes_on_where_it_stopped(house: House) -> None:
    push_id = house.put()

    def cut(_made: list[int]) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        sender.plan(house.engine, push_id, cut)
    house.wall.move(minutes=2)
    house.run()
    assert accepted(house) == dict.fromkeys(PEOPLE, 1)
