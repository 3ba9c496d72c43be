"""Misses: like ones together, those who asked told once when there is an answer, nobody twice."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from bot.followers import registry
from bot.outbound.models import Push
from bureau.inquiries import answering, clusters, records
from bureau.inquiries.answering import Words
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import House, make_house, with_rules, write_in
from tests.clocks import FixedClock
from tests.inquiries.test_records import AT, make_row

NOW = FixedClock().now()
SUBJECT = "import:1"
SERIAL = count(1)
ANSWER = Words("要许可证书。", "/faq/z-1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("残保金怎么算", "请问残保金咋算", True),
        ("残保金怎么算", "残保金咨询电话", False),
        ("公务卡怎么还款", "公务卡如何还款呢", True),
        ("公务卡怎么还款", "公务卡怎么申领", False),
        ("多少钱", "多少钱啊", True),
        ("老年证怎么办", "护照怎么办", False),
    ],
)
def test_like_questions_are_one_cluster(one: str, other: str, same: bool) -> None:
    assert clusters.alike(clusters.gist_of(one), clusters.gist_of(other)) is same


def asks(database: Database, *rows: tuple[str | None, str], **more: object) -> None:
    """Each (openid, text) asks and gets no answer."""
    with database.write() as db:
        made = [
            make_row(f"q{next(SERIAL)}", text, openid=openid, outcome="unknown", **more)
            for openid, text in rows
        ]
        records.keep(db, made)


def test_a_cluster_counts_all_its_wordings_and_settles_them_together(
    each_database: Database,
) -> None:
    people = (("oA", "老年证怎么办"), ("oB", "老年证怎么办"), ("oC", "老年证咋办"))
    asks(each_database, *people, (None, "宠物证怎么办"))
    with each_database.write() as db:
        first, second = clusters.misses(db)
        assert (first.times, first.sample, second.times) == (3, "老年证怎么办", 1)
        assert set(first.wordings) == {"老年证怎么办", "老年证咋办"}
        assert clusters.settle(db, clusters.like(db, first.wording), NOW) == 3
        assert [one.sample for one in clusters.misses(db)] == ["宠物证怎么办"]


@pytest.fixture
def house(each_database: Database, redis: RedisStore) -> House:
    """A bureau that names no template: only a window or a consent carries a message."""
    return with_rules(make_house(each_database, redis), template_ids=("", ""))


def follow(house: House, *openids: str) -> None:
    """People who follow and have not written: no window is open."""
    with house.database.write() as db:
        for openid in openids:
            registry.subscribed(db, openid, NOW - timedelta(days=9))


def live(house: House, asked: str, subject: str = SUBJECT, words: Words = ANSWER) -> int:
    """Staff start from `asked`; what they wrote goes live. How many were told."""
    with house.database.write() as db:
        answering.promise(db, subject, asked, "办公室", NOW)
        return answering.went_live(db, subject, words, NOW)


def test_who_asked_is_told_once_and_others_when_they_write(house: House) -> None:
    follow(house, "oA", "oB", "oC")
    write_in(house, ["oA"])
    asks(house.database, ("oA", "代账要证吗"), ("oB", "请问代账要证吗"), ("oC", "别的事"))
    asks(house.database, (None, "代账要证吗"), ("oGone", "代账要证吗"))
    assert live(house, "代账要证吗") == 2
    house.run()
    (text,) = house.wechat.texts("oA")
    assert "您2026年3月2日问的“代账要证吗”，现在有了答案" in text
    assert "要许可证书" in text
    assert "/faq/z-1" in text
    assert house.wechat.texts("oB") == []
    write_in(house, ["oB"])
    house.run()
    assert len(house.wechat.texts("oB")) == 1
    assert house.wechat.texts("oC") == house.wechat.texts("oGone") == []
    with house.database.read() as db:
        assert [one.sample for one in clusters.misses(db)] == ["别的事"]
        assert [(one.told, one.live_at) for one in answering.promised(db)] == [(2, NOW)]


def test_the_same_person_is_never_told_twice_of_the_same_question(house: House) -> None:
    follow(house, "oA")
    write_in(house, ["oA"])
    asks(house.database, ("oA", "代账要证吗"))
    with house.database.write() as db:
        answering.promise(db, "lexicon:5", "代账要证吗", "办公室", NOW)
    assert live(house, "代账要证吗") == 1
    asks(house.database, ("oA", "代账要证吗"), at=AT + 60)
    with house.database.write() as db:
        assert answering.went_live(db, "lexicon:5", Words(), NOW) == 0
        assert answering.went_live(db, SUBJECT, ANSWER, NOW) == 0
    house.run()
    assert len(house.wechat.texts("oA")) == 1


def test_who_asked_long_ago_is_not_told(house: House) -> None:
    follow(house, "oA")
    old = int((NOW - timedelta(days=91)).timestamp())
    asks(house.database, ("oA", "代账要证吗"), at=old)
    assert live(house, "代账要证吗") == 0


def test_a_question_nobody_asked_promises_nothing(each_database: Database) -> None:
    with each_database.write() as db:
        assert answering.promise(db, SUBJECT, "新的问题", "办公室", NOW) is None
        assert not answering.waits_for(db, SUBJECT)


def test_the_longest_question_and_answer_fit_a_message(house: House) -> None:
    follow(house, "oA")
    question = "代账公司" * 60
    asks(house.database, ("oA", question))
    words = Words("很长的答案" * 400, "/faq/" + "问" * 180)
    assert live(house, question[:200], words=words) == 1
    with house.database.read() as db:
        push = db.scalars(select(Push)).one()
    assert len(push.notice.text.encode()) < 1_900
    assert "很长的答案" in push.notice.text
