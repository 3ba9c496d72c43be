"""Place, name, telephone and wishes in the chat: optional, sealed, and 1 still submits."""

import re

import pytest
from sqlalchemy import select

from bureau.feedback import publication, replies
from bureau.feedback.models import Draft, Ticket
from bureau.office import Office
from bureau.staff import demo, offices
from bureau.workdays import table
from tests.clocks import FixedClock
from tests.feedback.making import clerk, hand_in
from tests.handlers.test_suggestion import WORDS, tickets
from tests.talking import Person


@pytest.fixture(autouse=True)
def _calendar(office: Office) -> None:
    with office.database.write() as db:
        table.load_seed(db, office.clock.now())


def test_everything_a_form_asks_can_be_said_in_the_chat(person: Person, office: Office) -> None:
    shown = person.say(f"建议 {WORDS}")
    for word in ("地点", "姓名", "电话", "同意公开", "匿名"):
        assert f"msgmenucontent={word}&" in shown
    assert "请发送地点" in person.say("地点")
    assert "地点：县城考点" in person.say("县城考点")
    assert "姓名：王**" in person.say("姓名 王小明")
    person.say("电话")
    shown = person.say("13800138000")
    assert "138****8000" in shown
    assert "13800138000" not in shown
    assert "可以公开" in person.say("同意公开。")
    shown = person.say("匿名")
    assert "不向承办科室透露" in shown
    assert all(line in shown for line in ("1 提交", "2 补充", "3 取消"))
    assert "已收到" in person.say("1")
    ticket = tickets(office)[0]
    box = office.box
    assert (ticket.text, ticket.place) == (WORDS, "县城考点")
    assert box.open(ticket.name_sealed) == "王小明"
    assert box.open(ticket.phone_sealed) == "13800138000"
    assert (ticket.may_publish, ticket.anonymous) == (True, True)


def test_a_location_is_the_place_and_no_word_of_the_letter(person: Person, office: Office) -> None:
    person.say(f"建议 {WORDS}")
    spot = {"label": "兰山区北京路", "latitude": 35.0653, "longitude": 118.3466}
    assert "兰山区北京路（35.06530，118.34660）" in person.send(person.message("location", **spot))
    person.say("2")
    person.send(person.message("location", latitude=35.1, longitude=118.4))
    person.say("1")
    assert (tickets(office)[0].text, tickets(office)[0].place) == (WORDS, "35.10000，118.40000")


def test_a_location_before_the_words_waits_for_them(person: Person, office: Office) -> None:
    person.say("建议")
    assert "请发送您的建言献策内容" in person.send(person.message("location", label="大厅"))
    person.say("中午请开门")
    person.say("1")
    assert (tickets(office)[0].text, tickets(office)[0].place) == ("中午请开门", "大厅")


def test_nothing_is_asked_twice_and_1_always_submits(person: Person, office: Office) -> None:
    person.say(f"建议 {WORDS}")
    person.say("姓名")
    assert "1 提交" in person.say("跳过")
    person.say("电话")
    assert "已收到" in person.say("1")
    assert tickets(office)[0].phone_sealed == ""


def test_a_wish_is_taken_back(person: Person, office: Office) -> None:
    person.say(f"建议 {WORDS}")
    person.say("匿名")
    person.say("同意公开")
    assert "msgmenucontent=不公开&" in person.say("不匿名")
    person.say("不公开")
    person.say("1")
    assert (tickets(office)[0].may_publish, tickets(office)[0].anonymous) == (False, False)


@pytest.mark.parametrize(
    ("word", "value", "sentence"),
    [
        ("电话", "<script>alert(1)</script>", "没有看出电话号码"),
        ("电话", "1" * 31, "最多30个字"),
        ("姓名", "长" * 61, "最多60个字"),
        ("地点", "长" * 121, "最多120个字"),
    ],
)
def test_a_bad_detail_gets_a_sentence_and_loses_nothing(
    person: Person, office: Office, word: str, value: str, sentence: str
) -> None:
    person.say(f"建议 {WORDS}")
    assert sentence in person.say(f"{word} {value}")
    person.say(word)
    assert sentence in person.say(value)
    assert "已收到" in person.say("1")
    assert tickets(office)[0].text == WORDS


def test_what_is_asked_survives_an_emptied_redis(person: Person, office: Office) -> None:
    def emptied(words: str) -> str:
        office.redis.client.flushall()
        return person.say(words)

    person.say("信箱")
    assert "第一段" in emptied("第一段")
    assert "第一段\n第二段" in (emptied("2"), emptied("第二段"))[1]
    emptied("姓名")
    assert "姓名：王**" in emptied("王小明")
    assert "不向承办科室透露" in emptied("匿名")
    office.redis.client.flushall()
    assert "图片 1 张" in person.send(person.message("image", media_id="M1"))
    office.redis.client.flushall()
    assert "地点：大厅" in person.send(person.message("location", label="大厅"))
    assert "XX26-0001" in emptied("1")
    ticket = tickets(office)[0]
    assert (ticket.kind, ticket.text, ticket.place) == ("mailbox", "第一段\n第二段", "大厅")
    assert office.box.open(ticket.name_sealed) == "王小明"


def test_an_emptied_redis_makes_no_letter_of_a_question(
    person: Person, office: Office, clock: FixedClock
) -> None:
    office.redis.client.flushall()
    assert "答不上来" in person.say("护照多少钱")
    person.say("建议")
    clock.move(minutes=31)
    office.redis.client.flushall()
    person.say("护照多少钱")  # half an hour later it is no part of the letter
    with office.database.read() as db:
        assert db.scalars(select(Draft)).one().text == ""
        assert db.scalars(select(Ticket)).all() == []


def test_3000_characters_come_in_several_messages(person: Person, office: Office) -> None:
    person.say("建议")
    for _ in range(5):
        person.say("字" * 598)
        person.say("2")
    assert "还可以写5字" in person.say("太多了太多了")
    assert "1 提交" in person.say("正好到三千")
    assert "已收到" in person.say("1")
    assert len(tickets(office)[0].text) == 3_000


def test_a_public_letter_of_the_same_matter_is_shown_before_handing_in(
    person: Person, office: Office
) -> None:
    now = office.clock.now()
    with office.database.write() as db:
        offices.load_samples(db)
        demo.ensure_demo(db, now)
        ticket = hand_in(db, text=WORDS, now=now).ticket
        ticket.may_publish = True
        author, other = clerk(db, "general_office"), clerk(db, "admin")
        replies.answer(db, ticket, "已做成一张表。", author, now)
        row = publication.prepare(db, ticket, WORDS, "已做成一张表。", author, now)
        publication.approve(db, row, other, now)
    shown = person.say("建议 收费目录做成一张表，方便群众查询")
    assert "是不是这件事" in shown
    assert re.search(rf'<a href="https://example.gov.cn/letters/{row.id}">', shown)
    assert "已收到" in person.say("1")
