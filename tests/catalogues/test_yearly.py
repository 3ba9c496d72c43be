"""Every catalogue is looked through once a year, and what a new version changed is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bureau.catalogues import changes, yearly
from bureau.staff.models import StaffAlert
from core.db import Database
from core.errors import IllegalMove, Refusal
from tests.catalogues.making import PASSPORT, VISA, make_clerks, make_live
from tests.clocks import FixedClock

NOW = FixedClock().now()


def test_a_catalogue_in_use_has_one_task_a_year(each_database: Database) -> None:
    with each_database.write() as db:
        assert not yearly.any_to_open(db, NOW)  # an empty house has nothing to look through
        make_live(db, "fee", [PASSPORT], NOW)
        assert yearly.any_to_open(db, NOW)
        assert [yearly.open_tasks(db, NOW), yearly.open_tasks(db, NOW)] == [1, 0]
        (task,) = yearly.waiting(db)
        assert (task.kind, task.year, str(task.due_on)) == ("fee", 2026, "2026-12-31")
        later = NOW + timedelta(days=275)  # 2 December
        assert yearly.any_to_open(db, later)
        yearly.open_tasks(db, later)
        assert not yearly.any_to_open(db, later)
        alerts = list(db.scalars(select(StaffAlert.text)))
        assert sum("还没有核对" in text for text in alerts) == 1
        (clerk,) = make_clerks(db, NOW, "head")
        with pytest.raises(Refusal, match="对照"):
            yearly.finish(db, task.id, " ", clerk, later)
        yearly.finish(db, task.id, "对照省级目录，无变动", clerk, later)
        with pytest.raises(IllegalMove):
            yearly.finish(db, task.id, "再来", clerk, later)
        assert yearly.waiting(db) == []
        assert yearly.open_tasks(db, NOW + timedelta(days=310)) == 1  # the next year


BEFORE = [
    PASSPORT,
    VISA,
    {"id": "f-3", "name": "身份证换领", "rate_text": "20元/证", "status": "有效"},
    {"id": "f-4", "name": "诉讼费", "rate_text": "50元起，1万元以上2.5%"},
    {"id": "f-5", "name": "考试费", "rate_text": "30元/科", "source": "旧网页"},
    {"id": "f-6", "name": "占道费", "rate_text": "1元/天"},
]
AFTER = [
    {**PASSPORT, "rate_text": "100元/本", "valid_from": "2026-03-01"},
    VISA,
    {"id": "f-3", "name": "身份证换领", "rate_text": "20元/证", "status": "取消"},
    {"id": "f-4", "name": "诉讼费", "rate_text": "40元起，1万元以上2.5%"},
    {"id": "f-5", "name": "考试费", "rate_text": "30元/科", "source": "新网页"},
    {"id": "f-7", "name": "号牌费", "rate_text": "100元/副"},
]


def test_a_new_version_says_what_it_changed(each_database: Database) -> None:
    with each_database.write() as db:
        first = make_live(db, "fee", BEFORE, NOW)
        assert changes.of_batch(db, first) == []
        second = make_live(db, "fee", AFTER, NOW, replace=True)
        found = changes.of_batch(db, second)
    assert changes.in_words(found) == "取消 2 项、降低 1 项、新增 1 项、调整 1 项"
    told = {one.key: (one.way, one.before, one.after) for one in found}
    assert told["f-1"] == ("降低", "120元/本", "100元/本")
    assert told["f-3"][0] == told["f-6"][0] == "取消"
    assert told["f-4"][0] == "调整"  # tiers are not compared by a machine
    assert "f-5" not in told  # a source put right is no change of the list


def test_guides_have_no_change_card(database: Database) -> None:
    row = {"id": "g", "name": "备案", "promised_limit": "5日"}
    with database.write() as db:
        make_live(db, "guide", [row], NOW)
        changed = make_live(db, "guide", [{**row, "promised_limit": "3日"}], NOW)
        assert changes.of_batch(db, changed) == []
