"""Who follows what; and WeChat's list taken in page by page, as often as one likes."""

from datetime import timedelta

import pytest

from bot.followers import audience, registry, sync, topics
from bot.followers.models import FollowEnding, Follower
from core.db import Database
from tests.clocks import FixedClock


@pytest.fixture
def house(each_database: Database) -> Database:
    with each_database.write() as db:
        topics.load_reference(db)
    return each_database


def test_reference_topics_are_loaded_once_and_keep_the_bureaus_changes(house: Database) -> None:
    with house.write() as db:
        topics.get(db, "budget").name = "预算与决算"
        assert topics.load_reference(db) == 0
        assert topics.get(db, "budget").name == "预算与决算"


@pytest.mark.parametrize(
    "words", ["预决算", "budget", " 预算 ", "預决算"[1:], "ＢＵＤＧＥＴ", "三公经费。"]
)
def test_a_topic_is_found_by_any_of_its_words(house: Database, words: str) -> None:
    with house.read() as db:
        topic = topics.find(db, words)
    assert topic
    assert topic.slug == "budget"


def test_following_twice_is_following_once(house: Database, clock: FixedClock) -> None:
    with house.write() as db:
        registry.subscribed(db, "o1", clock.now())
        assert topics.follow(db, "o1", "fees", clock.now())
        assert not topics.follow(db, "o1", "fees", clock.now())
        assert [t.slug for t in topics.of(db, "o1")] == ["fees"]
        assert topics.counts(db)["fees"] == 1


def test_why_a_following_ended_is_kept(house: Database, clock: FixedClock) -> None:
    with house.write() as db:
        registry.subscribed(db, "o1", clock.now())
        topics.follow(db, "o1", "fees", clock.now())
        topics.follow(db, "o1", "budget", clock.now())
        assert topics.unfollow(db, "o1", "fees", clock.now(), "page")
        assert not topics.unfollow(db, "o1", "fees", clock.now())
        registry.unsubscribed(db, "o1", clock.now())
        registry.unsubscribed(db, "o1", clock.now())
        reasons = {(row.topic, row.reason) for row in db.query(FollowEnding)}
    assert reasons == {("fees", "page"), ("budget", "unsubscribed")}


def test_who_left_the_account_is_no_audience(house: Database, clock: FixedClock) -> None:
    with house.write() as db:
        for openid in ("o1", "o2"):
            registry.subscribed(db, openid, clock.now())
            topics.follow(db, openid, "fees", clock.now())
        registry.unsubscribed(db, "o2", clock.now())
        assert audience.count(db, "fees") == 1
        assert list(db.scalars(audience.people("fees"))) == ["o1"]
        assert not audience.is_following(db, "o2")
        assert audience.is_following(db, "never met")


def test_people_who_write_are_followers_we_had_not_met(house: Database, clock: FixedClock) -> None:
    row = {"openid": "o9", "trigger": "message", "at": int(clock.now().timestamp())}
    with house.write() as db:
        registry.note_seen(db, [row, row], clock.now())
        registry.note_seen(db, [row], clock.now())
        assert db.query(Follower).count() == 1


def pull(house: Database, clock: FixedClock, pages: list[tuple[tuple[str, ...], str]]) -> int:
    with house.write() as db:
        number = sync.resume_or_begin(db, clock.now()).id
    new = 0
    for openids, after in pages:
        with house.write() as db:
            new += sync.keep_page(db, number, openids, after, clock.now())
    return new


def test_a_pull_stopped_in_the_middle_goes_on_there(house: Database, clock: FixedClock) -> None:
    assert pull(house, clock, [(("o1", "o2"), "o2")]) == 2
    clock.move(minutes=1)
    with house.write() as db:
        assert sync.resume_or_begin(db, clock.now()).after == "o2"
    assert pull(house, clock, [(("o3",), "")]) == 1
    with house.write() as db:
        assert sync.resume_or_begin(db, clock.now()).after == ""


def test_a_pull_run_again_changes_nothing_but_who_has_left(
    house: Database, clock: FixedClock
) -> None:
    pull(house, clock, [(("o1", "o2"), "")])
    clock.move(hours=1)
    assert pull(house, clock, [(("o1",), "")]) == 0
    with house.read() as db:
        assert db.get_one(Follower, "o1").following
        assert not db.get_one(Follower, "o2").following


def test_who_came_while_the_list_was_pulled_stays(house: Database, clock: FixedClock) -> None:
    with house.write() as db:
        number = sync.resume_or_begin(db, clock.now()).id
        registry.subscribed(db, "late", clock.now() + timedelta(seconds=1))
        sync.keep_page(db, number, ("o1",), "", clock.now())
        assert db.get_one(Follower, "late").following


def test_moved_in_followers_all_get_a_topic_once(house: Database, clock: FixedClock) -> None:
    pull(house, clock, [(tuple(f"o{i}" for i in range(7)), "")])
    with house.write() as db:
        after, first = sync.all_follow(db, "fees", "", clock.now(), limit=4)
        _end, second = sync.all_follow(db, "fees", after, clock.now(), limit=4)
        _again, third = sync.all_follow(db, "fees", "", clock.now())
    assert (first, second, third) == (4, 3, 0)
