"""Sheets as bureaus send them: read whole, every problem named, nothing half written."""

import csv
import json
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from bureau.catalogues import bringing, review
from bureau.release.models import Review
from core.db import Database
from core.errors import IllegalMove, Refusal
from knowledge import exporting, importing
from knowledge.models import Batch, BatchState, Entry, EntryState
from tests.clocks import FixedClock

NOW = FixedClock().now()
HEADINGS = [
    "部门序号", "项目序号", "部门", "项目名称", "资金管理方式", "政策依据", "执收部门(单位)",
    "征收对象", "征收标准", "是否涉企", "备注",
]  # fmt: skip


def fee_sheet(path: Path) -> Path:
    """A fee list as a county publishes it: merged title, merged departments, 无, line breaks."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某县行政事业性收费目录清单（２０２６年）"])
    sheet.merge_cells("A1:K1")
    sheet.append(HEADINGS)
    passport = [1, 1, "公安", "护照", "缴入国库", "发改价格〔2019〕914号", "公安局", "申请人"]
    visa = [None, 2, None, "签注", "缴入国库", "发改价格\n〔2017〕1186号", "公安局", "申请人"]
    sheet.append([*passport, "１２０元/本", "否", "无"])
    sheet.append([*visa, "15元/件", "否", None])
    sheet.merge_cells("C3:C4")
    sheet.append(["合计", None, None, "合计"])
    book.save(path)
    return path


def faq_file(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf8")
    return path


def bring(
    database: Database,
    kind: str,
    file: Path,
    *,
    reviewers: tuple[str, ...] = ("甲", "乙"),
    **more: bool,
) -> int:
    with database.write() as db:
        batch = bringing.bring_in(
            db,
            kind,
            bringing.read(file, kind),
            file_name=file.name,
            replace=more.get("replace", False),
            reviewers=reviewers,
            now=NOW,
        )
        return batch.id


def live(database: Database, kind: str) -> dict[str, Entry]:
    with database.read() as db:
        found = select(Entry).where(Entry.kind == kind, Entry.state == EntryState.LIVE)
        return {entry.key: entry for entry in db.scalars(found)}


def test_a_published_fee_list_is_read_as_it_is(tmp_path: Path) -> None:
    reading = bringing.read(fee_sheet(tmp_path / "fees.xlsx"), "fee")
    assert reading.problems == []
    assert [(d.key, d.title) for d in reading.drafts] == [
        ("护照@公安", "护照"),
        ("签注@公安", "签注"),
    ]
    first = reading.drafts[0].fields
    assert first["rate_text"] == "120元/本"
    assert first["enterprise_related"] is False
    assert "note" not in first


def test_a_csv_of_an_old_office_machine_is_read(tmp_path: Path) -> None:
    file = tmp_path / "funds.csv"
    text = (
        "序号,项目名称,征收标准,政策依据,征收地区\r\n"
        "1,水利建设基金,按收入比例,财综〔2011〕2号,全国\r\n"
    )
    file.write_bytes(text.encode("gb18030"))
    reading = bringing.read(file, "fund")
    assert [(d.title, d.scope) for d in reading.drafts] == [("水利建设基金", "national")]


def test_every_problem_is_named_by_row_and_column(tmp_path: Path) -> None:
    file = tmp_path / "fees.csv"
    rows = [
        ["项目名称", "征收标准", "执行日期", "终止日期", "金额", "是否涉企", "有效性"],
        ["好的", "1元", "2026-01-01", "", "1", "是", "有效"],
        ["", "2元", "", "", "", "", ""],
        ["坏日期", "3元", "2026年13月1日", "", "三元", "也许", "好像有效"],
        ["倒着的", "4元", "2026-02-01", "2026-01-01", "", "", ""],
        ["好的", "5元", "", "", "", "", ""],
    ]
    with file.open("w", encoding="utf8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    reading = bringing.read(file, "fee")
    found = {(p.row, p.column) for p in reading.problems}
    assert found == {
        (3, "项目名称"), (4, "执行日期"), (4, "金额"), (4, "是否涉企"), (4, "有效性"),
        (5, "终止日期"), (6, "项目名称"),
    }  # fmt: skip
    bad = next(p for p in reading.problems if p.column == "执行日期")
    assert "2026年13月1日" in str(bad)
    assert [d.title for d in reading.drafts] == ["好的"]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "jsonl"])
def test_an_export_imports_again_without_a_difference(
    database: Database, tmp_path: Path, ending: str
) -> None:
    rows = [
        {"id": "a", "question": "=1+1 是多少", "similar": ["加法", "算"], "answer": "一行\n二行"},
        {"id": "b", "question": "几点上班", "answer": "八点半", "valid_from": "2026-01-01"},
    ]  # fmt: skip
    bring(database, "faq", faq_file(tmp_path / "in.jsonl", rows))
    out = tmp_path / f"out.{ending}"
    with database.read() as db:
        assert exporting.write_file(db, "faq", out) == 2
        what = importing.difference(db, "faq", bringing.read(out, "faq").drafts)
    assert what.counts == {"new": 0, "changed": 0, "same": 2, "gone": 0}


def test_an_import_without_review_waits_and_is_released_as_one(
    each_database: Database, tmp_path: Path
) -> None:
    file = faq_file(tmp_path / "faq.jsonl", [{"id": "a", "question": "甲", "answer": "一"}])
    number = bring(each_database, "faq", file, reviewers=())
    assert live(each_database, "faq") == {}
    with each_database.write() as db:
        assert [batch.id for batch in review.waiting(db)] == [number]
        review.release(db, review.one(db, number), ["张", "李"], review.INSIDE, NOW)
    assert set(live(each_database, "faq")) == {"a"}
    with each_database.write() as db, pytest.raises(IllegalMove):
        review.release(db, review.one(db, number), ["张", "李"], review.INSIDE, NOW)


def test_one_person_cannot_release(database: Database, tmp_path: Path) -> None:
    file = faq_file(tmp_path / "faq.jsonl", [{"id": "a", "question": "甲", "answer": "一"}])
    with pytest.raises(Refusal):
        bring(database, "faq", file, reviewers=("张", " 张 "))
    with database.read() as db:
        assert db.scalar(select(func.count(Batch.id))) == 0


def test_an_outside_review_is_kept_with_its_names(database: Database, tmp_path: Path) -> None:
    file = faq_file(tmp_path / "faq.jsonl", [{"id": "a", "question": "甲", "answer": "一"}])
    number = bring(database, "faq", file, reviewers=("张", "李", "王"))
    with database.read() as db:
        kept = db.scalars(select(Review).where(Review.subject == f"import:{number}")).all()
        assert [r.reviewer for r in kept] == ["张", "李", "王"]
        assert all(r.external for r in kept)
        assert db.get_one(Batch, number).state == BatchState.LIVE


def test_a_changed_row_is_a_new_version_and_the_former_answers_for_its_time(
    database: Database, tmp_path: Path
) -> None:
    old = {"id": "f", "name": "护照", "rate_text": "160元", "valid_from": "2017-01-01"}
    new = {**old, "rate_text": "120元", "valid_from": "2019-07-01"}
    for row in (old, new):
        file = tmp_path / "fee.json"
        file.write_text(json.dumps([row], ensure_ascii=False), "utf8")
        bring(database, "fee", file)
    with database.read() as db:
        states = dict(db.execute(select(Entry.version, Entry.state)).all())
    assert states == {1: EntryState.PAST, 2: EntryState.LIVE}


def test_replace_withdraws_what_the_file_no_longer_has(database: Database, tmp_path: Path) -> None:
    two = [{"id": k, "question": k, "answer": "答"} for k in ("a", "b")]
    bring(database, "faq", faq_file(tmp_path / "two.jsonl", two))
    bring(database, "faq", faq_file(tmp_path / "one.jsonl", two[:1]))
    assert set(live(database, "faq")) == {"a", "b"}
    bring(database, "faq", faq_file(tmp_path / "one.jsonl", two[:1]), replace=True)
    assert set(live(database, "faq")) == {"a"}


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"no sheet"), ("x.json", b"{oops"), ("x.pdf", b""), ("x.csv", "甲,乙\n".encode())],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal):
        bringing.read(tmp_path / name, "fee")


@pytest.mark.slow
def test_ten_thousand_rows_are_imported_in_seconds(database: Database, tmp_path: Path) -> None:
    rows = [
        {
            "id": f"q{i}",
            "question": f"第{i}号窗口办什么",
            "similar": [f"{i}号窗口"],
            "answer": f"业务{i}",
        }
        for i in range(10_000)
    ]
    file = faq_file(tmp_path / "many.jsonl", rows)
    started = time.perf_counter()
    bring(database, "faq", file)
    assert time.perf_counter() - started < 15
    assert len(live(database, "faq")) == 10_000
