"""A correction reaches exactly those who had the wrong version; a withdrawal says why."""

from typing import Any

import pytest

from bot.outbound.rules import Route
from bureau.disclosures import correcting, find, outside, publish
from core.db import Database
from core.errors import IllegalMove, Refusal
from core.redis_store import RedisStore
from tests.bot.outbound.people import House, make_followers, make_house, with_rules

NOTICE: dict[str, Any] = {
    "title": "2025年度市级决算公开",
    "topic": "budget",
    "summary": "一般公共预算收入 1 亿元。",
    "produced_on": "2026-02-20",
    "review": {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"},
}
RIGHT = {**NOTICE, "summary": "一般公共预算收入 10 亿元。"}


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    made = make_house(each_database, redis)
    make_followers(made, ["had-it-1", "had-it-2"])
    return with_rules(made, routes=(Route.KEFU, Route.WAIT))


def publish_wrong(house: House) -> tuple[int, int]:
    with house.database.write() as db:
        disclosure, push = outside.publish_reviewed(db, NOTICE, house.clock.now())
    house.run()
    return disclosure.id, push.id


def correct(house: House, number: int, data: dict[str, Any] = RIGHT, note: str = "金额有误") -> int:
    with house.database.write() as db:
        disclosure = publish.one(db, number)
        return correcting.correct_reviewed(db, disclosure, data, note, house.clock.now()).id


def test_only_who_had_the_wrong_version_gets_the_right_one(house: House) -> None:
    number, _wrong = publish_wrong(house)
    make_followers(house, ["newcomer"])
    house.wechat.sent.clear()
    push_id = correct(house, number)
    house.run()
    assert {r.body["touser"] for r in house.wechat.sent} == {"had-it-1", "had-it-2"}
    assert all("更正" in r.body["text"]["content"] for r in house.wechat.sent)
    assert house.status(push_id)["total"] == 2


def test_who_still_waited_for_the_wrong_version_never_gets_it(house: House) -> None:
    with house.database.write() as db:
        disclosure, wrong = outside.publish_reviewed(db, NOTICE, house.clock.now())
    correct(house, disclosure.id)
    house.run()
    assert house.wechat.sent == []
    assert house.status(wrong.id)["state"] == "cancelled"


def test_both_versions_are_kept_with_what_was_wrong(house: House) -> None:
    number, _wrong = publish_wrong(house)
    with house.database.read() as db:
        first_day = publish.one(db, number).published_at
    house.clock.move(hours=3)
    correct(house, number)
    with house.database.read() as db:
        assert [v.note for v in find.versions(db, number)] == ["", "金额有误"]
        assert publish.one(db, number).published_at == first_day


def test_a_correction_says_what_and_changes_something(house: House) -> None:
    number, _wrong = publish_wrong(house)
    with pytest.raises(Refusal, match="原因"):
        correct(house, number, note=" ")
    with pytest.raises(Refusal, match="没有变化"):
        correct(house, number, NOTICE)


def test_a_withdrawn_one_stays_readable_with_its_reason(house: House) -> None:
    number, push_id = publish_wrong(house)
    with house.database.write() as db:
        disclosure = publish.one(db, number)
        with pytest.raises(Refusal):
            correcting.withdraw(db, disclosure, "", house.clock.now())
        correcting.withdraw(db, disclosure, "依据文件已废止", house.clock.now())
        with pytest.raises(IllegalMove):
            correcting.withdraw(db, disclosure, "再次", house.clock.now())
    with house.database.read() as db:
        assert find.one(db, number).withdrawn_reason == "依据文件已废止"
        assert find.latest(db) == []
    assert house.status(push_id)["sent"] == 2
