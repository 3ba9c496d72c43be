"""A sendall that goes wrong: unknown, refused, killed in the middle, stopped by a person."""

import pytest

from bot.followers import topics
from bot.outbound import calls, sendall, sweeps
from bot.outbound.calls import Request
from bot.outbound.errors import OutcomeUnknown
from bot.outbound.models import MassBatch
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import House
from tests.bot.outbound.subscription import (
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


@pytest.mark.parametrize(
    ("code", "reason"), [(40001, "admin_refused"), (40002, "admin_silent"), (20001, "rejected")]
)
def test_what_the_administrator_does_not_let_go_has_failed_and_leaves_the_day_free(
    house: House, code: int, reason: str
) -> None:
    with house.database.write() as db:
        topics.follow(db, "other", "budget", house.clock.now())
    push_id = house.put()
    run(house)
    finished(house, f"err({code})")
    run(house)
    assert house.status(push_id)["reasons"] == {reason: 31}
    house.put(key="again")
    run(house)
    assert len(mass_calls(house)) == 2


def test_a_lost_event_is_asked_after(house: House) -> None:
    with house.database.write() as db:
        topics.follow(db, "other", "budget", house.clock.now())
    push_id = house.put()
    run(house)
    answers = iter(["SENDING", "SEND_SUCCESS"])

    def look(request: Request) -> dict[str, object] | None:
        return {"msg_status": next(answers)} if request.call is calls.MASS_GET else None

    house.wechat.rule = look
    for waiting in (True, False):
        house.clock.move(seconds=61)
        run(house)
        assert (house.status(push_id)["pending"] == 31) is waiting
    assert house.status(push_id)["sent"] == 31


def test_an_unknown_call_is_repeated_under_its_id_and_counts_once(house: House) -> None:
    mirror(house)
    push_id = house.put()

    def accept_and_fail(request: Request) -> OutcomeUnknown:
        house.wechat.rule = None
        house.wechat.perform(request)
        return OutcomeUnknown(-1, "system error", "5f-01", "mass_all")

    house.wechat.rule = accept_and_fail
    run(house)
    assert house.status(push_id)["unknown"] == 30
    house.clock.move(seconds=62)
    run(house)
    assert len(mass_calls(house)) == 1
    assert (house.status(push_id)["sent"], house.status(push_id)["state"]) == (30, "done")


def test_a_day_without_an_explanation_ends_unknown(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.wechat.rule = lambda request: (
        OutcomeUnknown(-1, "system error", "", "mass_all")
        if request.call is calls.MASS_ALL
        else None
    )
    run(house)
    house.clock.move(hours=24)
    run(house)
    assert (house.status(push_id)["unknown"], house.status(push_id)["state"]) == (30, "done")


class PowerCut(BaseException):
    """The worker's machine is gone."""


@pytest.mark.parametrize("accepted", [True, False])
def test_a_worker_killed_in_the_call_repeats_it_safely(house: House, accepted: bool) -> None:
    mirror(house)
    push_id = house.put()
    house.run()

    def cut(request: Request) -> None:
        house.wechat.rule = None
        if accepted:
            house.wechat.perform(request)
        raise PowerCut

    house.wechat.rule = cut
    with pytest.raises(PowerCut):
        sendall.work(house.engine, push_id)
    house.wall.move(minutes=5)
    assert sweeps.lost_claims(house.engine) == 0
    house.clock.move(seconds=62)
    run(house)
    assert len(mass_calls(house)) == 1
    assert house.status(push_id)["sent"] == 30


def test_no_mass_send_left_waits_for_tomorrow(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.wechat.rule = lambda _request: {"errcode": 45028, "errmsg": "has no masssend quota"}
    run(house)
    assert house.status(push_id)["reasons"] == {"limited": 30}
    house.wechat.rule = None
    house.clock.move(hours=24)
    assert sweeps.ended_brakes(house.engine) == 30
    run(house)
    assert house.status(push_id)["sent"] == 30


def test_a_minute_too_fast_stays_set_aside_and_goes_after_a_rest(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.wechat.rule = lambda _request: {"errcode": 45011, "errmsg": "slower"}
    run(house)
    assert house.status(push_id)["pending"] == 30
    house.wechat.rule = None
    house.clock.move(seconds=62)
    run(house)
    assert house.status(push_id)["sent"] == 30


def test_an_account_stopped_in_the_call_pauses_and_goes_on(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.wechat.rule = lambda _request: {"errcode": 48001, "errmsg": "api unauthorized"}
    run(house)
    assert house.status(push_id)["state"] == "paused"
    house.wechat.rule = None
    with house.database.write() as db:
        sweeps.pushes.resume(db, push_id, house.clock.now())
    run(house)
    assert house.status(push_id)["sent"] == 30


def test_a_cancelled_push_makes_no_call_and_frees_whom_it_held(house: House) -> None:
    mirror(house)
    push_id = house.put()
    house.run()
    with house.database.write() as db:  # a worker died while it gathered
        for _ in range(2):
            sendall._step(db, house.engine, push_id)
            db.flush()
        assert batch_in(db).state == "gathering"
        sweeps.pushes.cancel(db, push_id, house.clock.now())
    run(house)
    assert mass_calls(house) == []
    assert house.status(push_id)["reasons"] == {"cancelled": 30}


def batch_in(db: object) -> MassBatch:
    return db.query(MassBatch).one()  # type: ignore[attr-defined, no-any-return]
