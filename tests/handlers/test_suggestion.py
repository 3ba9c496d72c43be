"""A suggestion in the chat: shown, supplemented, handed in once, and never lost."""

import re

import pytest
from sqlalchemy import select

from bureau.catalogues import reference
from bureau.feedback.models import Attachment, Draft, Ticket
from bureau.office import Office
from bureau.workdays import table
from core.numbering import is_number
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.talking import Person

WORDS = "建议把收费目录做成一张表，方便群众查询"
NUMBER = re.compile(r"[A-Z]{2}\d{2}-\d{4,}-[0-9A-Z]")
CODE = re.compile(r"查询码：([0-9A-Z]{10})")


@pytest.fixture(autouse=True)
def _calendar(office: Office) -> None:
    with office.database.write() as db:
        table.load_seed(db, office.clock.now())


def tickets(office: Office) -> list[Ticket]:
    with office.database.read() as db:
        return list(db.scalars(select(Ticket).order_by(Ticket.id)))


def hand_in(person: Person, words: str = WORDS) -> str:
    person.say(f"建议 {words}")
    found = NUMBER.search(person.say("1"))
    assert found
    return found[0]


@pytest.mark.parametrize("command", ["建议 ", "建议：", "建議　", " 建议"])
def test_the_text_is_shown_with_three_choices_and_1_hands_it_in(
    person: Person, office: Office, command: str
) -> None:
    shown = person.say(f"{command}{WORDS}")
    assert WORDS in shown
    assert all(line in shown for line in ("1 提交", "2 补充", "3 取消"))
    assert tickets(office) == []
    receipt = person.say("1")
    assert "已收到" in receipt
    assert CODE.search(receipt)
    ticket = tickets(office)[0]
    assert ticket.text == WORDS
    assert ticket.number in receipt
    assert is_number(ticket.number)
    assert "2026年3月9日" in receipt


def test_a_letter_to_the_director_has_its_own_kind(person: Person, office: Office) -> None:
    assert "局长信箱" in person.say("信箱 办事大厅中午没有人")
    assert "XX26-0001" in person.say("1。")
    assert tickets(office)[0].kind == "mailbox"


def test_more_messages_and_pictures_join_before_it_goes(person: Person, office: Office) -> None:
    assert "请发送" in person.say("建议")
    assert "第一段" in person.say("第一段")
    person.say("２")
    shown = person.say("多少钱应该写清楚")
    assert "第一段\n多少钱应该写清楚" in shown
    assert "图片 1 张" in person.send(person.message("image", media_id="M1"))
    assert "已收到" in person.say("1")
    assert tickets(office)[0].text == "第一段\n多少钱应该写清楚"
    with office.database.read() as db:
        assert db.scalars(select(Attachment)).one().ticket_id == tickets(office)[0].id


def test_the_word_said_twice_does_not_enter_the_letter(person: Person, office: Office) -> None:
    person.say("建议")
    assert "请发送" in person.say("建议")
    assert "“中午也请开门”" in person.say("建议 中午也请开门")
    person.say("1")
    assert tickets(office)[0].text == "中午也请开门"


def test_the_same_1_handled_twice_makes_one_ticket_and_one_receipt(
    person: Person, office: Office
) -> None:
    person.say(f"建议 {WORDS}")
    one = person.message("text", text="1")
    first = person.send(one)
    office.redis.client.flushall()  # the lease is lost: the repeat is handled again
    assert person.send(one) == first
    assert len(tickets(office)) == 1
    assert "已收到" not in person.say("1")
    assert len(tickets(office)) == 1


def test_an_emptied_redis_loses_no_word(person: Person, office: Office) -> None:
    person.say("信箱 第一段")
    office.redis.client.flushall()
    person.say("2")
    person.say("第二段")
    office.redis.client.flushall()
    assert "XX26-0001" in person.say("1")
    assert tickets(office)[0].text == "第一段\n第二段"


def test_after_half_an_hour_the_list_is_shown_again_before_1_counts(
    person: Person, office: Office, clock: FixedClock
) -> None:
    person.say(f"建议 {WORDS}")
    clock.move(minutes=31)
    asked = person.say("1")
    assert "您要选哪一项？" in asked
    assert WORDS in asked
    assert tickets(office) == []
    assert "已收到" in person.say("1")


def test_an_unknown_choice_asks_again(person: Person, office: Office) -> None:
    person.say(f"建议 {WORDS}")
    assert "您要选哪一项？" in person.say("7")
    assert "已收到" in person.say("提交")


@pytest.mark.parametrize("word", ["取消", "3"])
def test_cancelled_is_not_handed_in_and_not_deleted(
    person: Person, office: Office, word: str
) -> None:
    person.say(f"建议 {WORDS}")
    assert "没有提交" in person.say(word)
    person.say("1")
    assert tickets(office) == []
    with office.database.read() as db:
        assert db.scalars(select(Draft)).one().state == "discarded"


def test_nothing_to_cancel_is_said(person: Person) -> None:
    assert "没有正在填写" in person.say("取消")


def test_a_new_suggestion_says_that_the_old_one_was_not_handed_in(
    person: Person, office: Office
) -> None:
    person.say("建议 第一件")
    assert "没有提交" in person.say("建议 第二件")
    person.say("1")
    assert [t.text for t in tickets(office)] == ["第二件"]


def test_a_text_too_long_is_told_and_loses_nothing(person: Person, office: Office) -> None:
    person.say("建议 开头")
    person.say("2")
    assert "已写的内容都还在" in person.say("长" * 2_999)
    person.say("结尾")
    assert "已收到" in person.say("1")
    assert tickets(office)[0].text == "开头\n结尾"


def test_scripts_and_closing_marks_come_through_as_text_but_nothing_unseen(
    person: Person, office: Office
) -> None:
    words = "<script>alert(1)</script>]]></Content>‮\x00"
    person.say(f"建议 {words}")
    person.say("1")
    assert tickets(office)[0].text == "<script>alert(1)</script>]]></Content>"


def test_a_picture_alone_is_told_how_to_go_on(person: Person) -> None:
    assert "提建议" in person.send(person.message("image", media_id="M1"))


def test_a_question_in_between_leaves_the_draft_alone(person: Person, office: Office) -> None:
    person.say(f"建议 {WORDS}")
    person.say("帮助")
    assert "已收到" in person.say("1")
    assert len(tickets(office)) == 1


def test_two_people_do_not_meet(person: Person, office: Office) -> None:
    other = person.other("o-person-2")
    person.say("建议 我的")
    other.say("建议 他的")
    person.say("1")
    other.say("1")
    assert {t.openid: t.text for t in tickets(office)} == {
        person.openid: "我的",
        other.openid: "他的",
    }


def test_another_departments_matter_is_pointed_to_its_door_and_still_taken(
    person: Person, office: Office, library: Library
) -> None:
    with office.database.write() as db:
        reference.ensure_reference(db, office.clock.now())
    library.refresh()
    shown = person.say("建议 退休金发放太慢了")
    assert "人力资源和社会保障局" in shown
    assert "仍可在这里提交" in shown
    assert "已收到" in person.say("1")
