"""A letter becomes a ticket that cannot vanish, with a number that nobody else has."""

import threading
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import chain, drafts
from bureau.feedback.models import Attachment, Ticket
from bureau.feedback.tickets import LONGEST, receipt, submit_draft
from core.db import Database
from core.errors import IllegalMove, Refusal
from core.numbering import NUMBER, is_number
from tests.feedback.making import BOX, CITIZEN, NOW, OTHER, WORDS, hand_in, later, make_house


def test_the_receipt_holds_a_good_number_a_code_and_a_due_date(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        done = hand_in(db)
    assert NUMBER.fullmatch(done.ticket.number)
    assert is_number(done.ticket.number)
    assert done.ticket.number.startswith("JY26-0001-")
    assert len(done.secret_code) == 10
    assert done.ticket.due_on == date(2026, 3, 9)
    assert not done.ticket.provisional


def test_the_same_message_twice_is_one_ticket_with_the_same_receipt(
    each_database: Database,
) -> None:
    with each_database.write() as db:
        make_house(db)
        first = hand_in(db)
    with each_database.write() as db:
        second = hand_in(db)
        third = hand_in(db, "m2")
    assert second.repeated
    assert (second.ticket.id, second.secret_code) == (first.ticket.id, first.secret_code)
    assert third.ticket.serial == 2
    assert third.secret_code != first.secret_code


def test_the_code_itself_is_kept_nowhere(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        done = hand_in(db)
    with database.engine.connect() as connection:
        names = connection.exec_driver_sql("select name from sqlite_master where type='table'")
        tables = [row[0] for row in names]
        kept = [str(connection.exec_driver_sql(f'select * from "{t}"').all()) for t in tables]
    assert not any(done.secret_code in rows for rows in kept)


def test_another_persons_message_key_gives_no_receipt(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        hand_in(db)
        with pytest.raises(Refusal):
            receipt(db, "m1", OTHER, BOX)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "长" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused_with_a_sentence(database: Database, text: str) -> None:
    with database.write() as db:
        make_house(db)
        with pytest.raises(Refusal):
            hand_in(db, text=text)


def test_each_kind_and_year_has_its_own_series(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        numbers = [
            hand_in(db, "a").ticket.number,
            hand_in(db, "b", kind="mailbox").ticket.number,
            hand_in(db, "c", kind="request").ticket.number,
            hand_in(db, "d", now=later(365)).ticket.number,
        ]
    assert [n[:9] for n in numbers] == ["JY26-0001", "XX26-0001", "YS26-0001", "JY27-0001"]


def test_a_year_without_a_notice_never_refuses_a_receipt(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        done = hand_in(db, now=later(303))  # 30 December 2026
    assert done.ticket.provisional
    assert done.ticket.due_on == date(2027, 1, 7)


def test_a_rolled_back_number_is_given_again(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        hand_in(db, "a")
    with Session(each_database.engine) as db:
        hand_in(db, "b")
        db.rollback()
    with each_database.write() as db:
        assert hand_in(db, "c").ticket.serial == 2


@pytest.mark.slow
def test_200_people_at_once_get_200_numbers_without_a_gap(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
    receipts: dict[str, str] = {}
    failures: list[BaseException] = []

    def send(first: int) -> None:
        try:
            for n in range(first, 200, 8):
                for _ in range(2):  # WeChat repeats every message
                    with each_database.write() as db:
                        done = hand_in(db, f"m{n}", openid=f"o{n}")
                    assert receipts.setdefault(f"m{n}", done.ticket.number) == done.ticket.number
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(n % 8,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with each_database.read() as db:
        tickets = list(db.scalars(select(Ticket)))
        assert all(chain.broken_at(chain.events(db, t)) is None for t in tickets[:20])
        assert {t.message_key: t.number for t in tickets} == receipts
        assert sorted(t.serial for t in tickets) == list(range(1, 201))


def test_a_draft_of_several_messages_is_handed_in_whole(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        draft = drafts.begin(db, CITIZEN, "mailbox", "第一段", NOW, message_key="a")
    with each_database.write() as db:
        found = drafts.open_draft(db, CITIZEN)
        assert found is not None
        drafts.append(db, found, "第二段", NOW, message_key="b")
        drafts.append(db, found, "第二段", NOW, message_key="b")
        drafts.add_picture(db, found, "MEDIA", NOW, message_key="c")
        drafts.add_picture(db, found, "MEDIA", NOW, message_key="c")
    with each_database.write() as db:
        found = drafts.open_draft(db, CITIZEN)
        assert found is not None
        assert found.id == draft.id
        done = submit_draft(db, found, NOW, message_key="d", box=BOX)
    with each_database.read() as db:
        assert drafts.open_draft(db, CITIZEN) is None
        ticket = db.scalars(select(Ticket)).one()
        assert ticket.text == "第一段\n第二段"
        assert ticket.kind == "mailbox"
        picture = db.scalars(select(Attachment)).one()
        assert picture.ticket_id == done.ticket.id


def test_a_new_suggestion_sets_the_unsubmitted_one_aside_and_keeps_it(database: Database) -> None:
    with database.write() as db:
        old = drafts.begin(db, CITIZEN, "suggestion", WORDS, NOW, message_key="a")
        new = drafts.begin(db, CITIZEN, "suggestion", "另一件", NOW, message_key="b")
        again = drafts.begin(db, CITIZEN, "suggestion", "另一件", NOW, message_key="b")
    assert (old.state, new.state, again.id) == ("discarded", "open", new.id)
    assert old.text == WORDS


def test_a_text_too_long_leaves_the_draft_as_it_was(database: Database) -> None:
    with database.write() as db:
        draft = drafts.begin(db, CITIZEN, "suggestion", "长" * 2990, NOW, message_key="a")
        with pytest.raises(Refusal, match="还可以写9字"):
            drafts.append(db, draft, "长" * 11, NOW, message_key="b")
        drafts.append(db, draft, "长" * 9, NOW, message_key="c")
        assert len(draft.text) == 3000


def test_two_taps_at_once_hand_in_one_letter(each_database: Database) -> None:
    """Handled side by side, the second 1 finds the draft handed in."""
    with each_database.write() as db:
        make_house(db)
        draft = drafts.begin(db, "o-both", "suggestion", WORDS, NOW, message_key="both")
    told: list[str] = []

    def tap(key: str) -> None:
        try:
            with each_database.write() as db:
                mine = db.merge(draft, load=False)
                done = submit_draft(db, mine, NOW, message_key=key, box=BOX)
            told.append(done.ticket.number)
        except IllegalMove as refused:
            told.append(refused.say)

    threads = [threading.Thread(target=tap, args=(f"tap{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with each_database.read() as db:
        number = db.scalars(select(Ticket)).one().number
    assert told.count(number) == 1
    assert sum("已经提交过" in words for words in told) == 3
