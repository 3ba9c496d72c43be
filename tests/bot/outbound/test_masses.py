"""Mass sends: one call for thousands, one id a call, four a month for each person."""

from datetime import timedelta

import pytest

from bot.outbound import calls, masses, receipts, sender, sweeps
from bot.outbound.calls import Request
from bot.outbound.errors import OutcomeUnknown
from bot.outbound.models import MassBatch, MassLedger
from bot.outbound.rules import Route
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import House, make_followers, make_house, with_rules

PEOPLE = [f"o{i:04d}" for i in range(30)]


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    made = make_house(each_database, redis)
    make_followers(made, PEOPLE)
    made.clock.move(hours=49)
    return with_rules(made, routes=(Route.KEFU, Route.MASS, Route.WAIT))


def run(house: House) -> None:
    house.run()
    for push_id in sweeps.due_masses(house.engine):
        masses.work(house.engine, push_id)
    house.run()


def batch(house: House) -> MassBatch:
    with house.database.read() as db:
        return db.query(MassBatch).one()


def test_who_has_no_other_route_is_gathered_into_one_call(house: House) -> None:
    push_id = house.put()
    run(house)
    (request,) = house.wechat.sent
    assert request.call is calls.MASS
    assert request.body["touser"] == PEOPLE
    assert len(request.body["clientmsgid"]) <= 32
    status = house.status(push_id)
    assert (status["state"], status["sent"], status["delivered"]) == ("done", 30, 0)


def test_the_fifth_mass_message_of_a_month_waits(house: House) -> None:
    last = 0
    for number in range(5):
        last = house.put(key=f"d{number}")
        run(house)
    assert len(house.wechat.sent) == 4
    assert house.status(last)["waiting"] == 30


def test_one_person_alone_is_not_enough_for_a_call(house: House) -> None:
    make_followers(house, ["alone"], "fees")
    house.clock.move(hours=49)
    with house.database.write() as db:
        db.connection().exec_driver_sql("DELETE FROM follows WHERE topic = 'budget'")
        db.connection().exec_driver_sql("UPDATE follows SET topic = 'budget'")
    push_id = house.put()
    run(house)
    run(house)
    assert house.wechat.sent == []
    assert house.status(push_id)["waiting"] == 1


def test_an_unknown_call_is_repeated_under_its_id_and_counts_once(house: House) -> None:
    push_id = house.put()

    def accept_and_fail(request: Request) -> OutcomeUnknown:
        house.wechat.rule = None
        house.wechat.perform(request)
        return OutcomeUnknown(-1, "system error", "5f-01", "mass")

    house.wechat.rule = accept_and_fail
    run(house)
    assert house.status(push_id)["unknown"] == 30
    assert house.status(push_id)["state"] == "sending"
    house.clock.move(seconds=62)
    run(house)
    assert len(house.wechat.sent) == 1
    assert (house.status(push_id)["sent"], house.status(push_id)["state"]) == (30, "done")
    with house.database.read() as db:
        assert {row.count for row in db.query(MassLedger)} == {1}


def test_a_call_nobody_can_explain_for_a_day_stays_unknown(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = lambda _request: OutcomeUnknown(-1, "system error", "", "mass")
    run(house)
    house.clock.move(hours=24)
    run(house)
    assert house.status(push_id)["unknown"] == 30
    assert house.status(push_id)["state"] == "done"


def test_no_mass_send_left_today_waits_for_tomorrow(house: House) -> None:
    push_id = house.put()
    house.wechat.rule = lambda _request: {"errcode": 45028, "errmsg": "has no masssend quota"}
    run(house)
    assert house.status(push_id)["reasons"] == {"limited": 30}
    with house.database.read() as db:
        assert {row.count for row in db.query(MassLedger)} == {0}
    house.wechat.rule = None
    house.clock.move(hours=24)
    assert sweeps.ended_brakes(house.engine) == 30
    run(house)
    assert house.status(push_id)["sent"] == 30


def test_wechats_own_counts_are_kept_with_the_call(house: House) -> None:
    house.put()
    run(house)
    msg_id = batch(house).msg_id
    assert msg_id
    counts = {"TotalCount": 30, "SentCount": 28, "ErrorCount": 2}
    with house.database.write() as db:
        receipts.mass_finished(db, msg_id, "send success", counts, house.clock.now())
    kept = batch(house).receipt
    assert kept
    assert kept["SentCount"] == 28


def test_a_receipt_that_overtakes_our_record_is_not_lost(house: House) -> None:
    house.put()
    now = house.clock.now()
    with house.database.write() as db:
        receipts.mass_finished(db, 1, "send success", {"SentCount": 30}, now)
    run(house)
    assert sweeps.early_receipts(house.engine) == 1
    assert batch(house).receipt


def test_a_worker_killed_in_a_mass_call_repeats_it_safely(house: House) -> None:
    push_id = house.put()
    house.run()

    class PowerCut(BaseException):
        pass

    def cut(request: Request) -> None:
        house.wechat.rule = None
        house.wechat.perform(request)
        raise PowerCut

    house.wechat.rule = cut
    with pytest.raises(PowerCut):
        masses.work(house.engine, push_id)
    house.wall.move(minutes=5)
    assert sweeps.lost_claims(house.engine) == 0
    house.clock.move(seconds=62)
    run(house)
    assert len(house.wechat.sent) == 1
    assert house.status(push_id)["sent"] == 30


def test_a_cancelled_push_makes_no_call(house: House) -> None:
    push_id = house.put()
    made: list[int] = []
    sender.plan(house.engine, push_id, made.extend)
    for segment_id in made:
        sender.work(house.engine, segment_id)
    with house.database.write() as db:
        from_now = house.clock.now() + timedelta(seconds=1)
        sweeps.pushes.cancel(db, push_id, from_now)
    run(house)
    assert house.wechat.sent == []
    assert house.status(push_id)["suppressed"] == 30
