"""A number alone opens nothing."""

import pytest
from sqlalchemy import select

from bureau.feedback import tracking
from bureau.feedback.models import CodeTries
from bureau.feedback.tracking import TooManyTries
from core.db import Database
from tests.feedback.making import CITIZEN, NOW, OTHER, hand_in, later, make_house


def test_the_sender_sees_his_own_and_nobody_elses(database: Database) -> None:
    with database.write() as db:
        make_house(db)
        mine = hand_in(db, "a").ticket
        theirs = hand_in(db, "b", openid=OTHER).ticket
        assert [t.number for t in tracking.for_person(db, CITIZEN)] == [mine.number]
        assert tracking.own(db, CITIZEN, mine.number.lower()) is mine
        assert tracking.own(db, CITIZEN, theirs.number) is None


def test_number_and_code_open_it_elsewhere(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        done = hand_in(db)
        typed = f" {done.ticket.number.lower()} "
        code = done.secret_code.lower()
        assert tracking.by_code(db, typed, code, "10.0.0.1", NOW) is done.ticket


def test_a_wrong_code_and_no_such_number_look_alike(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        done = hand_in(db)
        answers = [
            tracking.by_code(db, done.ticket.number, "AAAAAAAAAA", "a", NOW),
            tracking.by_code(db, "JY26-9999-9", done.secret_code, "a", NOW),
            tracking.by_code(db, "", "", "a", NOW),
            tracking.by_code(db, "JY26-0001-?", "' or 1=1", "a", NOW),
        ]
    assert answers == [None, None, None, None]


def test_five_failures_an_hour_close_the_door_for_that_source(each_database: Database) -> None:
    with each_database.write() as db:
        make_house(db)
        done = hand_in(db)
    for _ in range(5):
        with each_database.write() as db:
            assert tracking.by_code(db, done.ticket.number, "WRONG", "a", NOW) is None
    with each_database.write() as db:
        for number in (done.ticket.number, "JY26-9999-9"):
            with pytest.raises(TooManyTries):
                tracking.by_code(db, number, done.secret_code, "a", NOW)
        assert tracking.by_code(db, done.ticket.number, done.secret_code, "b", NOW)
        assert tracking.by_code(db, done.ticket.number, done.secret_code, "a", later(hours=1))


def test_addresses_are_not_kept_and_old_counts_are_deleted(database: Database) -> None:
    with database.write() as db:
        tracking.by_code(db, "JY26-0001-0", "X", "web:192.0.2.7", NOW)
        row = db.scalars(select(CodeTries)).one()
        assert "192.0.2.7" not in row.source
        tracking.forget_old(db, later(hours=0.5))
        assert db.scalars(select(CodeTries)).all() != []
        tracking.forget_old(db, later(hours=2))
        assert db.scalars(select(CodeTries)).all() == []
