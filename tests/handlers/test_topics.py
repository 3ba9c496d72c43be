"""Following topics by word, as contract.md fixes the words."""

import re

import pytest
from sqlalchemy import update

from bot.followers import own_page, registry, topics
from bot.outbound import fanout, outbox
from bot.outbound.models import Delivery
from bot.outbound.notice import Topic
from bureau.office import Office
from tests.bot.outbound.people import NOTICE
from tests.clocks import FixedClock
from tests.talking import Person


@pytest.fixture(autouse=True)
def _reference(office: Office) -> None:
    with office.database.write() as db:
        topics.load_reference(db)


def followed(office: Office, openid: str) -> set[str]:
    with office.database.read() as db:
        return {topic.name for topic in topics.of(db, openid)}


def test_the_list_names_every_topic_with_a_tap(person: Person, office: Office) -> None:
    said = person.say("订阅")
    with office.database.read() as db:
        names = [topic.name for topic in topics.all(db)]
    assert names
    assert all(f"msgmenucontent=订阅{name}&" in said for name in names)


def test_the_list_ends_with_the_link_to_the_persons_own_page(
    person: Person, office: Office, clock: FixedClock
) -> None:
    token = re.findall(r'href="[^"]*/me/([^"]+)">我的订阅', person.say("订阅"))[-1]
    key = office.settings.secret_key
    assert own_page.person_of(token, key, clock.now()) == person.openid
    assert own_page.person_of(token, key, clock.now() + own_page.GOOD_FOR) is None


@pytest.mark.parametrize(
    "words", ["订阅 预决算", "订阅预决算。", "訂閱　預決算", " 订阅　预决算！"]
)
def test_a_topic_is_followed_whatever_the_width_blanks_and_marks(
    person: Person, office: Office, words: str
) -> None:
    assert "已为您订阅“预决算”" in person.say(words)
    assert followed(office, person.openid) == {"预决算"}


def test_following_twice_says_so_and_keeps_one(person: Person, office: Office) -> None:
    person.say("订阅 预决算")
    assert "不必重复" in person.say("订阅 预决算")
    assert followed(office, person.openid) == {"预决算"}


def test_leaving_one_topic_keeps_the_others(person: Person, office: Office) -> None:
    with office.database.read() as db:
        second = topics.all(db)[1].name
    person.say("订阅 预决算")
    person.say(f"订阅 {second}")
    assert "已退订“预决算”" in person.say("退订 预决算")
    assert followed(office, person.openid) == {second}


def test_leaving_all_says_how_many(person: Person, office: Office) -> None:
    person.say("订阅 预决算")
    assert "1 个主题" in person.say("退订")
    assert followed(office, person.openid) == set()
    assert "没有订阅" in person.say("退订")


def test_an_unknown_topic_is_answered_with_the_way_to_the_list(person: Person) -> None:
    assert "没有找到“天气”" in person.say("订阅 天气")


def test_one_persons_topics_are_not_anothers(person: Person, office: Office) -> None:
    person.say("订阅 预决算")
    assert followed(office, person.other("o-person-2").openid) == set()


def test_who_stopped_a_topic_is_not_handed_what_had_waited_of_it(
    person: Person, office: Office, clock: FixedClock
) -> None:
    person.say("订阅 预决算")
    person.say("订阅 收费目录")
    with office.database.write() as db:
        registry.subscribed(db, person.openid, clock.now())
        for slug in ("budget", "fees"):
            push = outbox.put(db, NOTICE, Topic(slug), clock.now(), origin_key=slug)
            push.state = "sending"
            fanout.plan_step(db, push, clock.now())
        db.execute(update(Delivery).values(state="waiting", reason="no_route"))
    person.say("退订 预决算")
    with office.database.write() as db:
        outbox.hand_over(db, [person.openid], clock.now())
        rows = db.query(Delivery).order_by(Delivery.id).all()
        assert [(row.state, row.reason) for row in rows] == [
            ("suppressed", "stopped"),
            ("pending", None),
        ]
    person.say("退订")
    with office.database.read() as db:
        assert {row.state for row in db.query(Delivery)} == {"suppressed"}
