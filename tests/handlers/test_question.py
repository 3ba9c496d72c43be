"""Questions in the chat: answered from memory, picked by number or tap, kept for 30 minutes."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.inbound.journal import STREAM
from bureau.catalogues import reference
from bureau.feedback.models import Ticket
from bureau.office import Office
from bureau.staff import offices
from bureau.workdays import table as workdays
from core.db import Database
from core.settings import Settings
from handlers.answers import ourselves
from knowledge.library import Library
from knowledge.tokenizer import Tokenizer
from tests.clocks import FixedClock
from tests.talking import Person


@pytest.fixture
def library(
    database: Database, settings: Settings, clock: FixedClock, tokenizer: Tokenizer
) -> Library:
    """The sample catalogues on the shelves."""
    with database.write() as db:
        reference.ensure_reference(db, clock.now())
        reference.load_samples(db, clock.now())
    return Library(database, settings, tokenizer)


def taps(reply: str) -> dict[str, str]:
    """menu id → words, of every tappable choice in a reply."""
    found = re.findall(r"msgmenucontent=([^&]+)&msgmenuid=([^\"]+)", reply)
    return {menu_id: words for words, menu_id in found}


def test_a_question_is_answered_with_a_link_and_taps(person: Person) -> None:
    reply = person.say("代理记账资格审批要什么材料")
    assert "营业执照" in reply
    assert "/guides/guide-01" in reply
    assert "guide-01.time_limit" in taps(reply)


def test_a_tapped_choice_answers_its_entry(person: Person) -> None:
    choices = taps(person.say("诉讼费多少"))
    entry = next(key for key in choices if key.startswith("fee-"))
    assert "收费标准" in person.say(choices[entry], menu_id=entry)


def test_a_number_picks_from_the_list(person: Person) -> None:
    person.say("诉讼费多少")
    assert person.say("2").startswith("【诉讼费")


def test_a_list_older_than_thirty_minutes_is_shown_again(person: Person) -> None:
    person.say("诉讼费多少")
    person.clock.move(minutes=31)
    again = person.say("1")
    assert again.startswith("您要选哪一项？")
    assert person.say("1").startswith("【诉讼费")


def test_a_number_beyond_the_list_is_asked_again(person: Person) -> None:
    person.say("诉讼费多少")
    assert "1 到 3" in person.say("7")


def test_a_picked_entry_is_the_matter_of_the_next_question(person: Person) -> None:
    person.say("诉讼费多少")
    person.say("1")
    assert person.say("依据是什么").startswith("【诉讼费")


def test_two_misses_in_a_row_offer_the_office(person: Person) -> None:
    first = person.say("量子纠缠的原理")
    second = person.say("恐龙灭绝的原因")
    assert "人工" in first
    assert "工作时间" in second


def test_a_greeting_is_no_question_that_nobody_could_answer(person: Person, office: Office) -> None:
    for words in ("你好", "谢谢", "。", "护照多少钱"):
        person.say(words)
    entries = office.redis.client.xrange(STREAM)
    notes = [note for _, entry in entries for note in json.loads(entry[b"notes"])]
    asked = [note["text"] for note in notes if note["kind"] == "inquiry"]
    assert asked == ["护照多少钱"]


def test_handed_to_staff_is_said_only_when_the_letter_is_there(
    person: Person, database: Database, clock: FixedClock
) -> None:
    with database.write() as db:
        workdays.load_seed(db, clock.now())
        offices.load_reference(db)
    person.say("代理记账资格审批要什么材料")
    person.say("量子纠缠的原理")
    person.say("谢谢")
    offered = person.say("人工")
    assert "“量子纠缠的原理”" in offered
    assert "已转给" not in offered
    with database.read() as db:
        assert db.scalar(select(Ticket.id)) is None
    receipt = person.say("1")
    assert receipt.startswith("已转给工作人员。")
    with database.read() as db:
        ticket = db.scalars(select(Ticket)).one()
    assert (ticket.kind, ticket.number in receipt) == ("question", True)


BAD = [
    "", "😀😀😀", "护" * 3_000, "'; DROP TABLE tickets; --",
    "<xml><ToUserName>x</ToUserName></xml>",
    "https://example.com/a?b=c", "加微信领红包，日赚五百", "\x00\u202e\ud7ff",
    "& < > \" ' ]]>",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_input_gets_a_polite_reply(person: Person, text: str) -> None:
    reply = person.say(text)
    assert reply
    assert "系统暂时没能处理" not in reply
    assert len(reply.encode()) <= 2_048


def test_an_answer_is_found_useful(person: Person) -> None:
    assert ">有用</a>" in person.say("代理记账资格审批要什么材料")
    assert "已经记下" in person.say("有用")


def judged(office: Office) -> list[dict[str, object]]:
    entries = office.redis.client.xrange(STREAM)
    notes = [note for _, entry in entries for note in json.loads(entry[b"notes"])]
    return [note for note in notes if note["kind"] == "useful"]


@pytest.mark.parametrize("words", ["不对", "答错了", "你答得不对", "这个不对吧"])
def test_said_after_an_answer_it_is_the_tap_of_a_wrong_one(
    person: Person, office: Office, words: str
) -> None:
    person.say("护照多少钱")
    assert "谢谢指正" in person.say(words)
    assert [note["useful"] for note in judged(office)] == [False]


def test_said_before_any_answer_it_is_judged_of_none(person: Person, office: Office) -> None:
    assert "谢谢指正" not in person.say("不对")
    assert judged(office) == []


def test_whoever_speaks_of_dying_gets_a_number_to_call(person: Person) -> None:
    reply = person.say("我不想活了")
    assert "12356" in reply
    assert "110" in reply


def test_the_bureau_says_where_it_is_as_far_as_it_was_set(person: Person) -> None:
    reply = person.say("财政局在哪")
    assert "工作时间" in reply
    assert "地址、电话还没有登记在这里" in reply
    settings = replace(Settings(), bureau_address="某路 1 号", bureau_phone="0539-0000000")
    told = ourselves(settings)
    assert "地址：某路 1 号" in told
    assert "电话：0539-0000000" in told
    assert "还没有登记" not in told
