"""Staff see a push on their own phones before anybody else does."""

from datetime import timedelta

import pytest

from bot.outbound import outbox
from bot.outbound.notice import Topic
from bureau.disclosures import trial
from bureau.staff import accounts
from bureau.staff.models import Audit, Clerk
from core.db import Database
from core.errors import Refusal
from core.redis_store import RedisStore
from tests.bot.outbound.people import NOTICE, House, make_followers, make_house, write_in


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    """Two followers; 王 has bound a WeChat, 李 has not."""
    house = make_house(each_database, redis)
    make_followers(house, ["o1", "o2"])
    with house.database.write() as db:
        accounts.add(db, "wang", "publisher", house.clock.now())
        accounts.add(db, "li", "head", house.clock.now())
        db.query(Clerk).where(Clerk.name == "wang").one().openid = "oWang"
    write_in(house, ["oWang"])
    return house


def planned(house: House) -> int:
    with house.database.write() as db:
        at = house.clock.now() + timedelta(days=1)
        push = outbox.put(db, NOTICE, Topic("budget"), house.clock.now(), origin_key="k", at=at)
        return push.id


def test_only_the_named_get_it_marked_and_the_push_itself_stays_whole(house: House) -> None:
    push_id = planned(house)
    with house.database.write() as db:
        (made,) = trial.send(db, push_id, ["wang", "wang"], house.clock.now())
        test_id = made.id
    house.run()
    assert house.status(test_id)["sent"] == 1
    (text,) = house.wechat.texts("oWang")
    assert text.startswith(trial.MARK)
    assert NOTICE.text in text
    assert house.wechat.texts("o1") == []
    house.clock.move(days=1)
    write_in(house, ["o1", "o2"])
    house.run()
    assert set(house.deliveries(push_id)) == {"o1", "o2"}
    assert house.wechat.texts("o1") == [NOTICE.text]
    with house.database.read() as db:
        assert db.query(Audit).where(Audit.action == "push.test").count() == 1


def test_a_second_test_is_sent_again(house: House) -> None:
    push_id = planned(house)
    for _ in range(2):
        with house.database.write() as db:
            trial.send(db, push_id, ["wang"], house.clock.now())
        house.run()
    assert len(house.wechat.texts("oWang")) == 2


def test_night_does_not_hold_a_test_up(house: House) -> None:
    push_id = planned(house)
    house.clock.move(hours=12)  # ten in the evening
    with house.database.write() as db:
        trial.send(db, push_id, ["wang"], house.clock.now())
    house.run()
    assert len(house.wechat.texts("oWang")) == 1


def test_one_name_that_cannot_be_reached_stops_all_and_is_named(house: House) -> None:
    push_id = planned(house)
    with (
        house.database.write() as db,
        pytest.raises(Refusal, match=r"没有“zhao”.*“li”还没有绑定微信"),
    ):
        trial.send(db, push_id, ["wang", "zhao", "li"], house.clock.now())
    house.run()
    assert house.wechat.texts("oWang") == []


def test_what_has_gone_out_is_not_tested(house: House) -> None:
    push_id = house.put()
    house.run()
    with house.database.write() as db, pytest.raises(Refusal, match="已经开始发送"):
        trial.send(db, push_id, ["wang"], house.clock.now())
