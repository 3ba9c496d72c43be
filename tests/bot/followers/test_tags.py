"""Topics mirrored as tags: WeChat is told by a job, whatever stops it, and of nobody twice."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.followers import registry, sync, tags, topics
from bot.followers.models import Pace, TagMark
from bot.outbound import calls, ledger, tagging
from bot.outbound.calls import Request
from bot.outbound.errors import NotReached, OutcomeUnknown, WechatError
from bot.outbound.fake import FakeWechat
from bot.outbound.tagging import Tagger
from core.db import Database
from tests.clocks import FixedClock

PEOPLE = [f"o{number:03d}" for number in range(120)]


@dataclass
class House:
    """A mirrored topic with a fake WeChat; `follow`, then `run` as the worker does."""

    tagger: Tagger
    wechat: FakeWechat
    clock: FixedClock

    def follow(self, *openids: str, slug: str = "budget") -> None:
        with self.tagger.database.write() as db:
            for openid in openids:
                registry.subscribed(db, openid, self.clock.now())
                topics.follow(db, openid, slug, self.clock.now())

    def leave(self, *openids: str) -> None:
        with self.tagger.database.write() as db:
            for openid in openids:
                topics.unfollow(db, openid, "budget", self.clock.now())

    def sync(self, slug: str = "budget", name: str = "预决算") -> int | None:
        tag_id = tagging.ensure(self.tagger, slug, name)
        if tag_id:
            tagging.compare(self.tagger, slug, tag_id)
        return tag_id

    def run(self) -> None:
        with self.tagger.database.read() as db:
            due = tags.due_topics(db, self.tagger.wall.now())
        for slug in due:
            tagging.work(self.tagger, slug)

    @property
    def carriers(self) -> set[str]:
        return self.wechat.tagged[100]

    def due(self) -> int:
        with self.tagger.database.read() as db:
            found = tags.mirror(db, "budget")
        return found.due if found else -1

    def calls(self) -> int:
        return sum(request.call is calls.TAG_PEOPLE for request in self.wechat.sent)


@pytest.fixture
def house(each_database: Database) -> House:
    wechat, clock = FakeWechat(), FixedClock()
    with each_database.write() as db:
        topics.load_reference(db)
    return House(Tagger(each_database, wechat, clock, FixedClock()), wechat, clock)


def fail_with(code: int, at: Callable[[Request], bool]) -> Callable[[Request], object]:
    def rule(request: Request) -> object:
        return {"errcode": code, "errmsg": "no"} if at(request) else None

    return rule


def tagging_call(request: Request) -> bool:
    return request.call is calls.TAG_PEOPLE


def test_without_a_mirror_a_follow_tells_wechat_nothing(house: House) -> None:
    house.follow("o1")
    house.run()
    assert house.wechat.sent == []
    assert house.due() == -1


def test_the_first_sync_tags_everybody_fifty_a_call(house: House) -> None:
    house.follow(*PEOPLE)
    house.sync()
    house.run()
    assert house.carriers == set(PEOPLE)
    sizes = [len(r.body["openid_list"]) for r in house.wechat.sent if tagging_call(r)]
    assert sizes == [50, 50, 20]


def test_follow_and_leave_reach_wechat_by_the_job_and_not_before(house: House) -> None:
    house.sync()
    house.follow("o1", "o2")
    house.leave("o2")
    assert not any(tagging_call(request) for request in house.wechat.sent)
    house.run()
    assert house.carriers == {"o1"}
    house.leave("o1")
    house.run()
    assert (house.carriers, house.due()) == (set(), 0)


def test_who_is_told_by_digest_does_not_carry_the_tag(house: House) -> None:
    house.sync()
    house.follow("o1")
    house.run()
    with house.tagger.database.write() as db:
        topics.set_pace(db, "o1", Pace.DAILY, house.clock.now())
    house.run()
    assert house.carriers == set()


def test_who_leaves_the_account_leaves_no_mark(house: House) -> None:
    house.sync()
    house.follow("o1")
    with house.tagger.database.write() as db:
        registry.unsubscribed(db, "o1", house.clock.now())
        assert db.query(TagMark).count() == 0


def test_a_second_sync_tells_wechat_nothing_new(house: House) -> None:
    house.follow(*PEOPLE)
    house.sync()
    house.run()
    before = house.calls()
    assert house.sync() == 100
    house.run()
    assert house.calls() == before


def test_what_wechat_has_and_we_have_not_is_set_right_by_the_next_sync(house: House) -> None:
    house.follow("o1", "o2", "o3")
    house.sync()
    house.run()
    house.carriers.remove("o1")
    house.carriers.add("stranger")
    house.sync()
    house.run()
    assert house.carriers == {"o1", "o2", "o3"}


@pytest.mark.parametrize("answer", [NotReached(0, "no"), OutcomeUnknown(0, "reset")])
def test_a_run_that_breaks_off_is_gone_on_with(house: House, answer: WechatError) -> None:
    house.follow(*PEOPLE)
    house.sync()
    asked = []

    def second_fails(request: Request) -> WechatError | None:
        asked.append(request)
        return answer if len([r for r in asked if tagging_call(r)]) == 2 else None

    house.wechat.rule = second_fails
    house.run()
    assert (len(house.carriers), house.due()) == (50, 70)
    house.run()
    assert house.calls() == 1  # WeChat rests for a minute
    house.clock.move(seconds=61)
    house.run()
    assert (house.carriers, house.due()) == (set(PEOPLE), 0)


def test_who_changes_their_mind_during_the_call_is_told_of_again(house: House) -> None:
    house.sync()
    house.follow("o1")

    def leaves_meanwhile(request: Request) -> None:
        if tagging_call(request):
            house.wechat.rule = None
            house.leave("o1")

    house.wechat.rule = leaves_meanwhile
    house.run()
    assert house.carriers == set()
    assert house.due() == 0


def test_two_jobs_do_not_tag_the_same_topic_at_once(house: House) -> None:
    house.sync()
    house.follow("o1")
    with house.tagger.database.write() as db:
        assert tags.lease(db, "budget", house.tagger.wall.now())
    assert tagging.work(house.tagger, "budget").calls == 0
    house.tagger.wall.move(seconds=61)  # type: ignore[attr-defined]
    assert tagging.work(house.tagger, "budget").tagged == 1


@pytest.mark.parametrize("code", [45059, 49003, 40003])
def test_one_person_whom_wechat_refuses_does_not_hold_up_the_others(
    house: House, code: int
) -> None:
    house.follow(*PEOPLE[:30])
    house.sync()
    house.wechat.rule = fail_with(  # type: ignore[assignment]
        code, lambda r: tagging_call(r) and "o007" in r.body["openid_list"]
    )
    house.run()
    assert house.carriers == set(PEOPLE[:30]) - {"o007"}
    with house.tagger.database.read() as db:
        refused = db.query(TagMark).where(TagMark.refused > 0).one()
        assert (refused.openid, refused.refused, refused.changes) == ("o007", code, 0)
        assert tagging.say(tags.mirror(db, "budget")).endswith("1 人加不上标签（如已有 20 个）")


@pytest.mark.parametrize("code", [45056, 45157, 45158, 48001])
def test_a_tag_that_wechat_refuses_is_said_and_not_asked_for_all_the_time(
    house: House, code: int
) -> None:
    house.follow("o1")
    house.wechat.rule = fail_with(code, lambda r: r.call is calls.TAG_CREATE)  # type: ignore[assignment]
    assert house.sync() is None
    house.run()
    assert house.wechat.tag_names == {}
    with house.tagger.database.read() as db:
        assert f"（{code}）" in tagging.say(tags.mirror(db, "budget"))
        assert tags.due_topics(db, house.tagger.wall.now()) == []
    house.wechat.rule = None
    assert house.sync() == 100
    house.run()
    assert house.carriers == {"o1"}


def test_a_tag_that_another_run_has_just_made_is_taken(house: House) -> None:
    house.wechat.create_tag("订阅·预决算")
    assert house.sync() == 100


def test_a_tag_of_the_same_plain_name_is_left_to_staff(house: House) -> None:
    by_hand = house.wechat.create_tag("预决算")
    house.wechat.tag_followers(by_hand, ["journalist"])
    house.follow("o1")
    assert house.sync() == by_hand + 1
    house.run()
    assert house.wechat.tagged[by_hand] == {"journalist"}


def test_a_tag_id_said_to_be_unknown_once_is_asked_again(house: House) -> None:
    house.sync()
    house.follow("o1")
    refusals = iter([True, True])
    house.wechat.rule = fail_with(  # type: ignore[assignment]
        45159, lambda r: tagging_call(r) and next(refusals, False)
    )
    house.run()
    assert house.carriers == {"o1"}


def test_a_tag_deleted_in_wechat_is_made_anew_for_everybody(house: House) -> None:
    house.follow("o1", "o2")
    house.sync()
    house.run()
    house.wechat.tag_names.clear()
    house.wechat.tagged.clear()
    house.follow("o3")
    house.run()  # finds it gone
    house.run()
    assert house.carriers == {"o1", "o2", "o3"}


def test_the_days_quota_rests_until_midnight(house: House) -> None:
    house.sync()
    house.follow("o1")
    house.wechat.rule = fail_with(45009, tagging_call)  # type: ignore[assignment]
    house.run()
    house.wechat.rule = None
    house.run()
    assert house.carriers == set()
    with house.tagger.database.read() as db:
        assert "tag_people" in ledger.braked(db, house.clock.now())
    house.clock.move(hours=24)
    house.run()
    assert house.carriers == {"o1"}


def test_followers_who_moved_in_are_tagged_too(house: House) -> None:
    house.sync()
    with house.tagger.database.write() as db:
        registry.subscribed(db, "o1", house.clock.now())
        sync.all_follow(db, "budget", "", house.clock.now())
    house.run()
    assert house.carriers == {"o1"}


def test_names_keep_to_thirty_bytes_and_stay_apart() -> None:
    assert tagging.name_of("budget", "预决算") == "订阅·预决算"
    names = [tagging.name_of(slug, "行政事业性收费和基金目录") for slug in ("fees", "funds")]
    assert all(len(name.encode()) <= 30 for name in names)
    assert len(set(names)) == 2
