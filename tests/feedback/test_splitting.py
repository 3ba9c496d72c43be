"""A letter with several matters: tickets of their own, linked, counted from the letter's day."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from bot.outbound.models import Push
from bureau.feedback import attachments, chain, deadlines, replies, rights, splitting, tracking
from bureau.feedback.models import Attachment
from bureau.feedback.states import State
from bureau.feedback.tickets import Letter, submit
from bureau.staff.models import StaffAlert
from core.db import Database
from core.errors import Forbidden, IllegalMove, Refusal
from tests.feedback.making import (
    BOX,
    CITIZEN,
    NOW,
    clerk,
    hand_in,
    later,
    make_house,
    make_ticket,
)

OTHER_MATTER = "代理记账的继续教育通知能不能也发到公众号上？"


def test_each_matter_gets_a_number_and_the_clock_of_the_letter(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        letter = hand_in(db).ticket
        by = clerk(db, "general_office")
        parts = splitting.split(db, letter, [OTHER_MATTER, "第三件"], by, later(2), reason="两件事")
        assert [part.number[:9] for part in parts] == ["JY26-0002", "JY26-0003"]
        assert {part.due_on for part in parts} == {letter.due_on} == {date(2026, 3, 9)}
        assert [deadlines.leading(db, part).started_on for part in parts] == [NOW.date()] * 2
        assert [part.state for part in (letter, *parts)] == [State.RECEIVED] * 3
        assert [one.number for one in splitting.relatives(db, parts[0])] == [
            letter.number,
            parts[1].number,
        ]


def test_the_citizen_is_told_the_numbers_and_owns_them(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        letter = hand_in(db).ticket
        parts = splitting.split(db, letter, [OTHER_MATTER], clerk(db, "general_office"), NOW)
        push = db.scalars(select(Push)).one()
        assert push.openid == CITIZEN
        assert parts[0].number in push.notice_json["text"]
        assert {t.number for t in tracking.for_person(db, CITIZEN)} == {
            letter.number,
            parts[0].number,
        }


def test_the_chains_of_both_tell_of_it_and_stay_whole(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        letter = hand_in(db).ticket
        part = splitting.split(db, letter, [OTHER_MATTER], clerk(db, "general_office"), NOW)[0]
    with each_database.read() as db:
        of_letter, of_part = chain.events(db, letter), chain.events(db, part)
        assert (of_letter[-1].action, of_letter[-1].content["numbers"]) == ("split", [part.number])
        assert (of_part[0].action, of_part[0].content["source"]) == ("split_off", letter.number)
        assert chain.broken_at(of_letter) is chain.broken_at(of_part) is None
        assert db.scalar(select(StaffAlert).where(StaffAlert.key == f"new:{part.number}"))


def test_a_part_is_the_same_senders_with_the_same_code_wishes_and_pictures(
    database: Database,
) -> None:
    with database.write() as db:
        make_house(db)
        words = Letter("complaint", "两件事", None, "h5", "大厅", "王小明", "13800138000", True)
        made = submit(db, words, NOW, message_key="h5:k", box=BOX)
        letter = made.ticket
        db.add(
            Attachment(
                ticket_id=letter.id,
                message_key="p",
                media_id="M",
                state="kept",
                path="a.png",
                next_try_at=NOW,
                created_at=NOW,
            )
        )
        part = splitting.split(db, letter, ["另一件"], clerk(db, "general_office"), NOW)[0]
        assert tracking.by_code(db, part.number, made.secret_code, "web:1", NOW) is part
        assert (BOX.open(part.name_sealed), part.anonymous, part.place) == ("王小明", True, "大厅")
        assert [one.path for one in attachments.of_ticket(db, part.id)] == ["a.png"]


def test_a_picture_two_letters_have_stays_until_both_are_emptied(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        letter = hand_in(db).ticket
        db.add(
            Attachment(
                ticket_id=letter.id,
                message_key="p",
                media_id="M",
                state="kept",
                path="a.png",
                next_try_at=NOW,
                created_at=NOW,
            )
        )
        part = splitting.split(db, letter, ["另一件"], clerk(db, "general_office"), NOW)[0]
        assert rights.empty(db, letter, NOW, "（已删除）") == []
        assert rights.empty(db, part, NOW, "（已删除）") == ["a.png"]


def test_only_the_general_office_splits_and_nothing_twice_or_late(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        letter = make_ticket(db, assigned=True)
        general = clerk(db, "general_office")
        with pytest.raises(Forbidden):
            splitting.split(db, letter, [OTHER_MATTER], clerk(db, "handler"), NOW)
        with pytest.raises(Refusal, match="具体内容"):
            splitting.split(db, letter, [" "], general, NOW)
        splitting.split(db, letter, [OTHER_MATTER], general, NOW)
        with pytest.raises(Refusal, match="已经分出来过"):
            splitting.split(db, letter, [OTHER_MATTER], general, NOW)
        replies.answer(db, letter, "好", general, NOW)
        with pytest.raises(IllegalMove, match="分件"):
            splitting.split(db, letter, ["又一件"], general, NOW)
        assert len(splitting.split_off(db, letter)) == 1
        assert "又一件" not in json.dumps([p.notice_json for p in db.scalars(select(Push))])
