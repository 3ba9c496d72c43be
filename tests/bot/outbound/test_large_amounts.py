"""Nothing grows with what has piled up: hand-overs and cancels go in bounded steps."""

from datetime import timedelta

import pytest

from bot.outbound import outbox, pushes, sweeps
from bot.outbound.models import Delivery, Segment
from bot.outbound.notice import Person
from bot.outbound.states import DeliveryState
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import NOTICE, House, make_followers, make_house, ticket_notice


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    return make_house(each_database, redis)


def waiting(house: House, push_id: int, openids: list[str]) -> None:
    """One segment a person, as a small stand-in for full segments; all of them wait."""
    with house.database.write() as db:
        for openid in openids:
            segment = Segment(push_id=push_id, state="done")
            db.add(segment)
            db.flush()
            row = Delivery(push_id=push_id, segment_id=segment.id, openid=openid)
            row.state, row.reason = DeliveryState.WAITING, "no_route"
            db.add(row)


def test_a_window_is_handed_what_it_holds_the_persons_own_newest_matters_first(
    house: House,
) -> None:
    news = [house.put(key=f"news{n}") for n in range(6)]
    letters = [house.put(ticket_notice(), Person("o1"), key=f"letter{n}") for n in range(2)]
    for push_id in news + letters:
        waiting(house, push_id, ["o1"])
    with house.database.write() as db:
        assert outbox.hand_over(db, ["o1"], house.clock.now()) == outbox.WINDOW_HOLDS
    states = {p: house.deliveries(p)["o1"].state for p in news + letters}
    assert [p for p in states if states[p] == "pending"] == news[3:] + letters


def test_thousands_of_waiting_people_are_handed_over(house: House) -> None:
    people = [f"o{n}" for n in range(1_200)]
    waiting(house, house.put(NOTICE), people)
    with house.database.write() as db:
        assert outbox.hand_over(db, people, house.clock.now()) == 1_200


def test_a_cancel_counts_at_once_and_writes_in_steps(house: House) -> None:
    make_followers(house, ["o-other"])
    push_id = house.put(NOTICE)
    waiting(house, push_id, [f"o{n}" for n in range(25)])
    with house.database.write() as db:
        pushes.cancel(db, push_id, house.clock.now() + timedelta(minutes=1))
    told = house.status(push_id)
    assert (told["suppressed"], told["waiting"], told["reasons"]) == (25, 0, {"cancelled": 25})
    states = [row.state for row in house.deliveries(push_id).values()]
    assert states.count("suppressed") == 10
    assert sweeps.cancelled_rest(house.engine) == 15
    assert {row.state for row in house.deliveries(push_id).values()} == {"suppressed"}
    assert house.status(push_id) == told
    assert sweeps.cancelled_rest(house.engine) == 0
