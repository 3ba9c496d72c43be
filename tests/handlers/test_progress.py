"""进度, 评价 and a clerk's reply from his own WeChat."""

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import chain, replies, requests, search
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from bureau.feedback.tickets import Letter, submit
from bureau.office import Office
from bureau.staff import accounts, binding
from tests.clocks import FixedClock
from tests.feedback.making import clerk, make_house
from tests.handlers.test_suggestion import CODE, hand_in
from tests.talking import Person


@pytest.fixture(autouse=True)
def _house(office: Office) -> None:
    with office.database.write() as db:
        make_house(db)


def answer(office: Office, number: str, text: str = "已采纳您的建议。") -> None:
    with office.database.write() as db:
        ticket = search.one(db, number)
        replies.answer(db, ticket, text, clerk(db, "general_office"), office.clock.now())


def ticket_of(office: Office, number: str) -> Ticket:
    with office.database.read() as db:
        return search.one(db, number)


def test_nothing_handed_in_is_said(person: Person) -> None:
    assert "还没有提交过" in person.say("进度")


def test_one_ticket_is_shown_at_once_and_several_as_a_list(person: Person) -> None:
    first = hand_in(person)
    assert "待分办" in person.say("进度")
    second = hand_in(person, "第二件")
    listed = person.say("進度。")
    assert first in listed
    assert second in listed
    assert "第二件" in person.say("1")
    person.say("进度")
    assert "您要选哪一项？" in person.say("9")


def test_the_number_works_in_any_spelling(person: Person) -> None:
    number = hand_in(person)
    for said in (f"进度 {number}", f"进度{number.lower()}", f"進度　{number}"):
        assert f"建言献策 {number}" in person.say(said)


def test_a_number_alone_opens_nothing_for_another(person: Person) -> None:
    person.say("建议 不公开的内容")
    receipt = person.say("1")
    code = CODE.search(receipt)
    assert code
    number = receipt.split("编号：")[1].split("\n")[0]
    other = person.other("o-stranger")
    refused = other.say(f"进度 {number}")
    assert "不公开的内容" not in refused
    assert refused == other.say("进度 JY26-9999-9") == other.say(f"进度 {number} AAAAAAAAAA")
    assert "不公开的内容" in other.say(f"进度 {number} {code[1]}")


def test_guessing_codes_is_stopped(person: Person) -> None:
    number = hand_in(person)
    other = person.other("o-stranger")
    for _ in range(5):
        other.say(f"进度 {number} AAAAAAAAAA")
    assert "次数过多" in other.say(f"进度 {number} AAAAAAAAAA")


def test_the_answer_is_shown_and_a_number_rates_it(person: Person, office: Office) -> None:
    number = hand_in(person)
    answer(office, number)
    shown = person.say(f"进度 {number}")
    assert "已采纳您的建议。" in shown
    assert "1 非常满意" in shown
    assert "已记下您的评价：非常满意" in person.say("1")
    assert "1 非常满意" not in person.say(f"进度 {number}")


def test_a_long_answer_is_read_page_by_page(person: Person, office: Office) -> None:
    number = hand_in(person)
    text = "".join(f"第{n}条意见，" for n in range(400))
    answer(office, number, text)
    said, part = "", 1
    while f"续{part + 1}" in (page := person.say(f"进度{number}续{part}")):
        assert len(page.encode()) <= 2_048
        said, part = said + page, part + 1
    assert "第399条意见" in page


def test_the_tap_under_the_pushed_reply_rates(person: Person, office: Office) -> None:
    number = hand_in(person)
    answer(office, number)
    with office.database.read() as db:
        pushed = db.scalars(select(Push)).one().notice_json["text"]
    assert f"msgmenucontent=评价{number}不满意&" in pushed
    assert "重新办理" in person.say(f"评价{number}不满意")
    assert ticket_of(office, number).state == State.REDO
    assert "谢谢您的意见" in person.say("没有说到点子上")
    assert ticket_of(office, number).round == 2


def test_rating_words_without_a_number_mean_the_newest_answer(
    person: Person, office: Office, clock: FixedClock
) -> None:
    assert "没有等待您评价" in person.say("评价")
    number = hand_in(person)
    answer(office, number)
    assert number in person.say("评价")
    clock.move(minutes=31)
    assert "您要选哪一项？" in person.say("2")
    assert "已记下您的评价：满意" in person.say("2")


def test_nobody_rates_anothers_ticket(person: Person, office: Office) -> None:
    number = hand_in(person)
    answer(office, number)
    assert "没有等待您评价" in person.other("o-stranger").say(f"评价{number}满意")


def test_a_bound_clerk_answers_from_his_own_wechat(person: Person, office: Office) -> None:
    number = hand_in(person)
    staff = person.other("o-clerk")
    assert "没有绑定" in staff.say(f"回复 {number} 已办好")
    with office.database.write() as db:
        code = binding.offer(db, accounts.require(db, "demo-general_office"), office.clock.now())
    assert "已绑定" in staff.say(f"绑定 {code}")
    assert "无效" in person.say(f"绑定 {code}")
    with office.database.write() as db:
        search.one(db, number).text = "举报：联系我13805391111"
    shown = staff.say(f"回复 {number} 已办好")
    assert "1 发出" in shown
    assert "138****1111" in shown
    assert ticket_of(office, number).state == State.RECEIVED
    assert "已发出" in staff.say("1")
    assert ticket_of(office, number).state == State.ANSWERED


def test_a_drafters_reply_from_wechat_waits_for_review(person: Person, office: Office) -> None:
    number = hand_in(person)
    staff = person.other("o-clerk")
    with office.database.write() as db:
        drafter = accounts.require(db, "demo-drafter")
        search.one(db, number).office_id = drafter.office_id
        code = binding.offer(db, drafter, office.clock.now())
    staff.say(f"绑定{code}")
    staff.say(f"回复 {number} 拟稿")
    assert "提交审核" in staff.say("1")
    assert ticket_of(office, number).state == State.IN_REVIEW


def test_progress_can_be_asked_in_the_middle_of_writing(person: Person) -> None:
    number = hand_in(person)
    person.say("建议")
    assert number in person.say(f"进度 {number}")


def test_an_applicant_completes_the_request_in_the_chat(person: Person, office: Office) -> None:
    now = office.clock.now()
    with office.database.write() as db:
        letter = Letter("request", "申请公开去年的资金", person.openid)
        ticket = submit(db, letter, now, message_key="r", box=office.box).ticket
        requests.ask_supplement(db, ticket, "请写明资金名称", 10, clerk(db, "handler"), now)
        told = db.scalars(select(Push.notice_json)).one()["text"]
    assert f"补正 {ticket.number} 内容" in told
    assert "没有找到" in person.other("oOTHER").say(f"补正 {ticket.number} 冒充的")
    assert "补正已收到" in person.say(f"补正 {ticket.number}：教育费附加")
    with office.database.read() as db:
        found = search.one(db, ticket.number)
        assert found.state == State.RECEIVED
        assert chain.events(db, found)[-1].content == {"text": "教育费附加"}


def test_a_letter_is_taken_back_after_asking_once_more(person: Person, office: Office) -> None:
    number = hand_in(person)
    assert f"撤回{number}" in person.say(f"进度 {number}")
    assert "1 撤回" in person.say(f"撤回 {number.lower()}")
    assert "照常办理" in person.say("2")
    assert ticket_of(office, number).state == State.RECEIVED
    person.say(f"撤回{number}")
    assert "已撤回" in person.say("1")
    assert ticket_of(office, number).state == State.WITHDRAWN
    assert "不能撤回了" in person.say(f"撤回{number}")


def test_nobody_takes_back_anothers_letter_or_an_answered_one(
    person: Person, office: Office
) -> None:
    number = hand_in(person)
    other = Person(person.pipeline, person.clock, "oOTHER")
    assert "没有找到" in other.say(f"撤回{number}")
    answer(office, number)
    assert "不能撤回了" in person.say(f"撤回{number}")
