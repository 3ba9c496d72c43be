"""Answers die with their basis: they stop, people look again, they come back or do not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import bases, desk, rebasing
from bureau.catalogues import review as desk_review
from bureau.catalogues.models import BasisReview
from bureau.staff.models import Clerk, StaffAlert
from core.db import Database
from core.errors import Forbidden, Refusal
from core.settings import Settings
from knowledge.library import Library
from knowledge.models import Entry, EntryState
from tests.catalogues.making import PASSPORT, VISA, make_clerks, make_live
from tests.clocks import FixedClock

NOW = FixedClock().now()
TODAY = NOW.date()
ENDED = "发改价格〔2019〕914号"


def stopped(database: Database) -> dict[str, str]:
    with database.read() as db:
        live = select(Entry.key, Entry.stopped_by).where(Entry.state == EntryState.LIVE)
        return {row[0]: row[1] for row in db.execute(live)}


def outcomes(database: Database) -> dict[str, str]:
    with database.read() as db:
        return {one.key: one.outcome for one in db.scalars(select(BasisReview))}


def clerks_of(db: Session, *numbers: int) -> list[Clerk]:
    return [db.get_one(Clerk, number) for number in numbers]


def stock(database: Database, *roles: str) -> list[int]:
    with database.write() as db:
        make_live(db, "fee", [PASSPORT, VISA], NOW)
        return [clerk.id for clerk in make_clerks(db, NOW, *roles)]


def end(database: Database, on: date = TODAY) -> None:
    with database.write() as db:
        bases.end(db, ENDED, bases.REPEALED, on, "", "clerk", "办公室", NOW)


def test_a_row_stops_with_its_document_and_the_staff_are_told_once(
    each_database: Database, settings: Settings
) -> None:
    stock(each_database)
    library = Library.open(each_database, settings)
    assert "120元" in "".join(library.ask("护照多少钱", today=TODAY).cards[0].lines)
    for _ in range(2):
        end(each_database)
    assert stopped(each_database) == {"f-1": ENDED, "f-2": ENDED}
    assert outcomes(each_database) == {"f-1": "", "f-2": ""}
    assert library.refresh()
    said = "".join(library.ask("护照多少钱", today=TODAY).cards[0].lines)
    library.close()
    assert "依据已失效，正在复核" in said
    assert ENDED in said
    assert "请向公安局出入境管理大队询问" in said
    assert "120" not in said
    with each_database.read() as db:
        alerts = list(db.scalars(select(StaffAlert.text)))
    assert len(alerts) == 1
    assert "2 条答复已停用" in alerts[0]


def test_a_document_that_ends_later_stops_nothing_before_its_day(each_database: Database) -> None:
    stock(each_database)
    end(each_database, TODAY + timedelta(days=3))
    assert stopped(each_database) == {"f-1": "", "f-2": ""}
    later = NOW + timedelta(days=3)
    with each_database.write() as db:
        assert not bases.any_due(db, NOW)
        assert bases.any_due(db, later)
        assert bases.settle(db, later) == 2
        assert not bases.any_due(db, later)
    assert stopped(each_database) == {"f-1": ENDED, "f-2": ENDED}


def test_two_people_confirm_that_a_row_holds(each_database: Database) -> None:
    first, second = stock(each_database, "head", "head")
    end(each_database)
    with each_database.write() as db:
        one, two = clerks_of(db, first, second)
        review = bases.to_review(db)[0]
        with pytest.raises(Refusal, match="还没有人提出"):
            bases.decide(db, review.id, True, two, NOW)
        with pytest.raises(Refusal, match="理由"):
            bases.propose(db, review.id, " ", one, NOW)
        bases.propose(db, review.id, "标准由发改价格〔2017〕1186号延续", one, NOW)
        with pytest.raises(Forbidden):
            bases.decide(db, review.id, True, one, NOW)
        bases.decide(db, review.id, True, two, NOW)
    assert stopped(each_database) == {"f-1": "", "f-2": ENDED}
    assert outcomes(each_database) == {"f-1": "confirmed", "f-2": ""}
    with each_database.write() as db:
        bases.settle(db, NOW)  # looked at again, it stays confirmed
    assert stopped(each_database)["f-1"] == ""


def test_a_new_basis_brings_the_row_back_when_two_have_released_it(
    each_database: Database,
) -> None:
    first, second = stock(each_database, "head", "head")
    end(each_database)
    with each_database.write() as db:
        one, two = clerks_of(db, first, second)
        review = next(r for r in bases.to_review(db) if r.key == "f-2")
        with pytest.raises(Refusal, match="还有已失效的"):
            rebasing.replace_basis(db, review.id, f"经{ENDED}重申", one, NOW)
        batch = rebasing.replace_basis(db, review.id, "发改价格〔2026〕7号", one, NOW)
        for who in (one, one, two):
            assert stopped(each_database)["f-2"] == ENDED
            desk.approve(db, batch, who, NOW)
    assert stopped(each_database) == {"f-1": ENDED, "f-2": ""}
    assert outcomes(each_database) == {"f-1": "", "f-2": "replaced"}


def test_a_later_import_on_the_ended_document_does_not_answer_either(
    each_database: Database,
) -> None:
    stock(each_database)
    end(each_database)
    with each_database.write() as db:
        make_live(db, "fee", [{**PASSPORT, "rate_text": "100元/本"}], NOW)
    assert stopped(each_database)["f-1"] == ENDED
    with each_database.write() as db:
        make_live(db, "fee", [PASSPORT | {"legal_basis": "发改价格〔2026〕7号"}], NOW, replace=True)
    assert stopped(each_database) == {"f-1": ""}
    assert outcomes(each_database) == {"f-1": "replaced", "f-2": "gone"}


def test_what_says_of_itself_that_it_is_over_is_not_stopped(each_database: Database) -> None:
    with each_database.write() as db:
        make_live(db, "fee", [{**PASSPORT, "status": "取消"}], NOW)
    end(each_database)
    assert stopped(each_database) == {"f-1": ""}


def test_a_wrong_mark_is_taken_back_by_another_person(each_database: Database) -> None:
    first, second = stock(each_database, "head", "head")
    with each_database.write() as db:
        one, two = clerks_of(db, first, second)
        made = bases.mark(db, "发改价格[2019]914号", "repealed", TODAY, "", one, NOW)
        with pytest.raises(Refusal, match="标记过"):
            bases.mark(db, ENDED, "repealed", TODAY, "", one, NOW)
        with pytest.raises(Refusal, match="文号"):
            bases.mark(db, "收费标准", "repealed", TODAY, "", one, NOW)
        with pytest.raises(Forbidden):
            bases.unmark(db, made.id, one, NOW)
        assert [count for _, count in bases.documents(db)] == [2]
        bases.unmark(db, made.id, two, NOW)
    assert stopped(each_database) == {"f-1": "", "f-2": ""}
    assert outcomes(each_database) == {}


LAPSED = {**PASSPORT, "valid_to": str(TODAY), "status": "current"}


def test_a_row_stops_the_day_after_its_own_last_day(
    each_database: Database, settings: Settings
) -> None:
    with each_database.write() as db:
        make_live(db, "fee", [LAPSED, VISA], NOW)
        assert not bases.any_due(db, NOW)
    tomorrow = NOW + timedelta(days=1)
    for _ in range(2):
        with each_database.write() as db:
            bases.settle(db, tomorrow)
            assert not bases.any_due(db, tomorrow)
    assert stopped(each_database) == {"f-1": f"所载期限至{TODAY}", "f-2": ""}
    library = Library.open(each_database, settings)
    said = "".join(library.ask("护照多少钱", today=tomorrow.date()).cards[0].lines)
    before = library.ask(f"{TODAY.year}年1月普通护照收费多少钱", today=tomorrow.date())
    assert before.outcome == "answer", before.hits
    then = "".join(before.cards[0].lines)
    library.close()
    assert "所载期限已满，是否延续正在复核" in said
    assert "120" not in said
    assert "120元/本" in then
    with each_database.read() as db:
        assert [one.key for one in bases.to_review(db)] == ["f-1"]
        alerts = list(db.scalars(select(StaffAlert.text)))
    assert alerts == ["1 条答复所载期限已满，已停用，请到“依据”复核。"]


def test_a_row_with_a_new_last_day_answers_again(each_database: Database) -> None:
    with each_database.write() as db:
        make_live(db, "fee", [LAPSED], NOW)
        drafter = make_clerks(db, NOW, "drafter")[0].id
    tomorrow = NOW + timedelta(days=1)
    with each_database.write() as db:
        bases.settle(db, tomorrow)
    with each_database.write() as db:
        review, clerk = bases.to_review(db)[0], db.get_one(Clerk, drafter)
        with pytest.raises(Refusal):
            rebasing.extend(db, review.id, TODAY, clerk, tomorrow)
        batch = rebasing.extend(db, review.id, date(TODAY.year + 2, 12, 31), clerk, tomorrow)
        desk_review.release(db, batch, ["甲", "乙"], desk_review.OUTSIDE, tomorrow)
    assert stopped(each_database) == {"f-1": ""}
    assert outcomes(each_database) == {"f-1": "replaced"}


def test_two_people_may_let_a_row_answer_beyond_its_term(each_database: Database) -> None:
    with each_database.write() as db:
        make_live(db, "fee", [LAPSED], NOW)
        one, two = [clerk.id for clerk in make_clerks(db, NOW, "drafter", "head")]
    tomorrow = NOW + timedelta(days=1)
    with each_database.write() as db:
        bases.settle(db, tomorrow)
        review = bases.to_review(db)[0].id
        bases.propose(db, review, "省里已发文延续", db.get_one(Clerk, one), tomorrow)
        bases.decide(db, review, True, db.get_one(Clerk, two), tomorrow)
        assert not bases.any_due(db, tomorrow)
    assert stopped(each_database) == {"f-1": ""}
