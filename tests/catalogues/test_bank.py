"""The bank is asked before knowledge is released: what would be lost is shown, then confirmed."""

import pytest
from sqlalchemy import func, select

from bureau.catalogues import bank, desk, rehearsal
from bureau.catalogues.bank import Replay
from bureau.release import gate
from core.db import Database
from core.errors import Refusal
from core.settings import Settings
from knowledge.library import Library
from knowledge.loading import version_of
from knowledge.models import Batch, Entry
from tests.catalogues.making import PASSPORT, VISA, make_batch, make_clerks, make_live
from tests.clocks import FixedClock

pytestmark = pytest.mark.thorough

NOW = FixedClock().now()
QUESTION = "普通护照工本费多少钱"


def stock(database: Database) -> int:
    """Two fees, a question on the first; a waiting import that drops it. The import's number."""
    with database.write() as db:
        make_live(db, "fee", [PASSPORT, VISA], NOW)
        bank.keep(db, QUESTION, ["f-1"], bank.STAFF, "办公室", NOW)
        bank.keep(db, "签注多少钱", ["f-2"], bank.STAFF, "办公室", NOW)
        bank.keep(db, "天气怎么样", ["f-1"], bank.STAFF, "办公室", NOW)  # never right
        return make_batch(db, "fee", [VISA], NOW, replace=True).id


def rehearse(database: Database, settings: Settings, number: int) -> Replay:
    library = Library.open(database, settings)
    try:
        change = rehearsal.releasing(number)
        return rehearsal.rehearse(library, database, NOW.date(), change)
    finally:
        library.close()


def test_a_right_answer_that_would_be_lost_is_named_and_nothing_is_touched(
    each_database: Database, settings: Settings
) -> None:
    number = stock(each_database)
    with each_database.read() as db:
        before = version_of(db), db.scalar(select(func.count(Entry.id)))
    found = rehearse(each_database, settings, number)
    assert (found.asked, found.right) == (3, 2)
    assert [one.text for one in found.lost] == [QUESTION]
    assert "普通护照" in found.lost[0].before
    assert "普通护照" not in found.lost[0].after
    with each_database.read() as db:
        assert (version_of(db), db.scalar(select(func.count(Entry.id)))) == before
        assert db.get_one(Batch, number).state == "waiting"


def test_an_import_that_loses_an_answer_is_not_released_unconfirmed(
    each_database: Database, settings: Settings
) -> None:
    number = stock(each_database)
    with each_database.write() as db:
        (first, second), batch = make_clerks(db, NOW, "head", "head"), db.get_one(Batch, number)
        with pytest.raises(Refusal, match="重新检验"):
            desk.approve(db, batch, first, NOW, accepts_loss=True)
    found = rehearse(each_database, settings, number)
    with each_database.write() as db:
        batch = db.get_one(Batch, number)
        rehearsal.keep(db, batch, found, version_of(db))
        with pytest.raises(Refusal, match="1 个问题原来答得对"):
            desk.approve(db, batch, first, NOW)
        live = [
            desk.approve(db, batch, who, NOW, accepts_loss=True) for who in (first, first, second)
        ]
        assert live == [False, False, True]
        notes = {one.note for one in gate.reviews_of(db, f"import:{number}")}
    assert notes == {"确认放弃题库里 1 个原来的答案"}


def test_another_release_in_between_makes_the_bank_be_asked_again(
    each_database: Database, settings: Settings
) -> None:
    number = stock(each_database)
    found = rehearse(each_database, settings, number)
    with each_database.write() as db:
        batch = db.get_one(Batch, number)
        rehearsal.keep(db, batch, found, version_of(db))
        assert not rehearsal.is_stale(db, batch)
        make_live(db, "faq", [{"id": "q", "name": "几点上班", "answer": "八点半"}], NOW)
        assert rehearsal.is_stale(db, batch)


def test_where_nothing_is_right_no_index_is_built(database: Database, settings: Settings) -> None:
    """A first import into an empty house loses nothing and waits for nothing."""
    with database.write() as db:
        bank.keep(db, QUESTION, ["f-1"], bank.STAFF, "办公室", NOW)
        questions = bank.everything(db)
    library = Library.open(database, settings)

    def build() -> bank.Ask:
        raise AssertionError("an index was built")

    found = bank.replay(questions, lambda text: library.ask(text, today=NOW.date()), build)
    library.close()
    assert found == Replay(1, 0, ())


def test_a_question_needs_an_entry_that_answers_and_stands_once(each_database: Database) -> None:
    stock(each_database)
    with each_database.write() as db:
        (clerk,) = make_clerks(db, NOW, "drafter")
        with pytest.raises(Refusal, match="没有正在使用的条目：f-9"):
            bank.add(db, "签注要几天", ["f-2", "f-9"], clerk, NOW)
        with pytest.raises(Refusal, match="已经有"):
            bank.add(db, f"请问{QUESTION}？", ["f-1"], clerk, NOW)
        made = bank.add(db, "签注要几天", ["f-2"], clerk, NOW)
        assert bank.unknown_to(db, ["签注要几天？", "别的"]) == {"别的"}
        bank.remove(db, made.id, clerk, NOW)
        assert bank.page(db)[1] == 3
