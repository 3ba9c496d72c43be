"""What was asked is kept once, without anybody's numbers; what was not known comes to the top."""

from datetime import timedelta
from typing import Any

import pytest

from bureau.inquiries import clusters, records
from core.db import Database
from tests.clocks import FixedClock

AT = 1772416800  # ten in the morning of the tests' clock, 2 March 2026


def make_row(origin: str, text: str = "代理记账怎么收费", **more: Any) -> dict[str, Any]:
    base = {"origin": origin, "openid": "oA", "text": text, "outcome": "answer", "at": AT}
    return {**base, "hits": [{"id": "a", "score": 0.9}], "slot": "fee", **more}


def test_an_inquiry_told_twice_is_kept_once(each_database: Database) -> None:
    for expected in (2, 0):
        with each_database.write() as db:
            assert records.keep(db, [make_row("k#0"), make_row("k#1"), make_row("k#1")]) == expected
    with each_database.read() as db:
        kept, total = records.recent(db)
    assert total == 2
    assert (kept[0].text, kept[0].slot, kept[0].hits[0]["id"]) == ("代理记账怎么收费", "fee", "a")


def test_numbers_of_persons_are_masked_whoever_sent_them(database: Database) -> None:
    with database.write() as db:
        records.keep(db, [make_row("k", "我的电话13812345678，身份证371302199001011234")])
        kept = records.recent(db)[0][0]
    assert "13812345678" not in kept.text + kept.wording
    assert "371302199001011234" not in kept.text + kept.wording


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"at": "soon"}, "invalid"),
        ({"at": 10**20}, "moment|year"),
    ],
)
def test_a_row_that_is_none_is_refused(database: Database, wrong: dict[str, Any], why: str) -> None:
    with database.write() as db, pytest.raises(ValueError, match=why):
        records.keep(db, [make_row("k", **wrong)])


def test_a_verdict_belongs_to_the_last_question_of_the_last_half_hour(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as db:
        records.keep(db, [make_row("k#0", at=AT - 60), make_row("k#1"), make_row("x", openid="oB")])
        assert records.mark_useful(db, "oA", False, clock.now())
        assert records.mark_picked(db, "oA", "b", clock.now())
        assert not records.mark_useful(db, "oC", False, clock.now())
        assert not records.mark_useful(db, "oA", True, clock.now() + timedelta(minutes=31))
        records.judge(db, [{"openid": "oB", "useful": True, "at": AT + 5}], clock.now())
        told = {row.origin: (row.useful, row.picked) for row in records.recent(db)[0]}
    assert told == {"k#0": (None, None), "k#1": (False, "b"), "x": (True, None)}


def test_like_questions_without_an_answer_stand_together_most_asked_first(
    each_database: Database, clock: FixedClock
) -> None:
    unknown = {"outcome": "unknown", "hits": []}
    with each_database.write() as db:
        records.keep(db, [make_row(f"a{n}", "停车费怎么交？", **unknown) for n in range(2)])
        records.keep(db, [make_row("a9", "停車費怎麼交", at=AT + 9, **unknown)])
        records.keep(db, [make_row("b", "公积金怎么取", **unknown), make_row("c", "说错的答案")])
        records.keep(db, [make_row("d", "答对了的", openid="oB")])
        records.mark_useful(db, "oA", False, clock.now())
        found = clusters.misses(db)
        assert (found[0].times, found[0].wording) == (3, "停车费怎么交")
        assert {miss.sample for miss in found[1:]} == {"公积金怎么取", "说错的答案"}
        assert found[0].last_at == clock.now() + timedelta(seconds=9)
        assert clusters.settle(db, found[0].wordings, clock.now()) == 3
        assert len(clusters.misses(db)) == 2
        assert len(clusters.misses(db, limit=1)) == 1


def test_a_page_of_inquiries_is_newest_first(database: Database) -> None:
    with database.write() as db:
        records.keep(db, [make_row(f"k{n}", at=AT + n) for n in range(7)])
        first, total = records.recent(db, 1, 3)
        last, _ = records.recent(db, 3, 3)
    assert ([row.origin for row in first], total) == (["k6", "k5", "k4"], 7)
    assert [row.origin for row in last] == ["k0"]
