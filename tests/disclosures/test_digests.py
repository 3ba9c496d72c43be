"""Once a day or a week: one notice a person, with what they have not had by itself."""

from datetime import timedelta

import pytest

from bot.followers import topics
from bot.followers.models import Pace
from bot.outbound import outbox, pushes
from bot.outbound.forecast import forecast
from bot.outbound.models import Push
from bot.outbound.notice import Notice, Topic
from bureau.disclosures import digest_notice, digests
from bureau.disclosures.models import Digest
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import House, make_followers, make_house


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    """Monday ten o'clock: oNow hears at once, oDay daily, oWeek weekly."""
    house = make_house(each_database, redis)
    make_followers(house, ["oNow", "oDay", "oWeek"])
    with house.database.write() as db:
        assert topics.set_pace(db, "oDay", Pace.DAILY, house.clock.now(), "budget") == ["预决算"]
        assert topics.set_pace(db, "oWeek", Pace.WEEKLY, house.clock.now()) == ["预决算"]
    return house


def publish(house: House, key: str, topic: str = "budget") -> int:
    """Half an hour later something is published and sent."""
    house.clock.move(minutes=30)
    notice = Notice(f"公开{key}", "预决算", "2026-03-02", f"公开{key}。", url=f"/disclosures/{key}")
    with house.database.write() as db:
        push = outbox.put(db, notice, Topic(topic), house.clock.now(), origin_key=key).id
    house.run()
    return push


def digest(house: House) -> dict[str, str]:
    """Make what is due and send it: person → the titles' text."""
    with house.database.read() as db:
        before = {push.id for push in db.query(Push)}
    digests.make_all(house.database, house.clock.now())
    with house.database.read() as db:
        made = [push for push in db.query(Push) if push.id not in before]
        return {str(push.openid): push.notice.text for push in made}


def test_at_once_goes_only_to_who_asked_for_it_and_the_forecast_knows(house: House) -> None:
    with house.database.read() as db:
        foreseen = forecast(db, "budget", house.engine.rules, house.clock.now())
    assert sum(foreseen.values()) == 1
    assert set(house.deliveries(publish(house, "1"))) == {"oNow"}


def test_a_day_is_told_once_in_the_evening(house: House) -> None:
    publish(house, "1")
    publish(house, "2")
    assert digest(house) == {}  # not yet six
    house.clock.move(hours=8)
    told = digest(house)
    assert set(told) == {"oDay"}
    assert "公开1" in told["oDay"]
    assert "公开2" in told["oDay"]
    house.run()
    assert len(house.wechat.texts("oDay")) == 1
    assert digest(house) == {}
    house.clock.move(days=1)
    assert digest(house) == {}  # nothing new, no notice


def test_a_week_is_told_on_friday(house: House) -> None:
    publish(house, "1")
    house.clock.move(days=3)
    publish(house, "2")
    assert "oWeek" not in digest(house)
    house.clock.move(days=1, hours=8)
    told = digest(house)
    assert "公开1" in told["oWeek"]
    assert "公开2" in told["oWeek"]
    assert digest(house) == {}


def test_who_wants_to_hear_at_once_again_loses_nothing_and_hears_nothing_twice(
    house: House,
) -> None:
    publish(house, "1")
    with house.database.write() as db:
        topics.set_pace(db, "oDay", Pace.NOW, house.clock.now(), "budget")
    assert "oDay" in house.deliveries(publish(house, "2"))
    house.clock.move(hours=8)
    told = digest(house)["oDay"]
    assert "公开1" in told
    assert "公开2" not in told
    house.clock.move(days=1)
    assert digest(house) == {}


def test_a_cancelled_push_and_a_person_who_left_are_not_told(house: House) -> None:
    push_id = publish(house, "1")
    with house.database.write() as db:
        pushes.cancel(db, push_id, house.clock.now())
    house.clock.move(hours=8)
    assert digest(house) == {}


def test_one_row_a_person_and_period(house: House) -> None:
    publish(house, "1")
    house.clock.move(hours=8)
    digest(house)
    with house.database.write() as db:
        topics.follow(db, "oDay", "fees", house.clock.now() - timedelta(days=1))
        topics.set_pace(db, "oDay", Pace.DAILY, house.clock.now() - timedelta(days=1), "fees")
    digest(house)
    with house.database.read() as db:
        periods = [row.period for row in db.query(Digest).where(Digest.openid == "oDay")]
    assert periods == ["2026-03-02"]


def test_a_long_digest_fits_a_chat_message(house: House) -> None:
    titles = [("关于公布二〇二六年度政府性基金目录清单的公告" * 4, "/disclosures/123456")] * 40
    notice = digest_notice.write(titles, True, house.clock.now())
    sent = notice.text.replace('href="/', 'href="https://weixin.czj.linyi.gov.cn/')
    assert len(sent.encode()) <= 2_048
    assert "另有 30 条" in notice.text
