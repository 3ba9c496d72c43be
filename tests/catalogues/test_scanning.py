"""An import is scanned like everything that goes out: rows that nobody sees included."""

from pathlib import Path

import openpyxl
import pytest

from bureau.catalogues import bringing, review
from bureau.release.models import Word
from core.db import Database
from core.errors import Refusal
from tests.catalogues.test_sheets import HEADINGS, NOW, bring, live
from tests.release.test_files import NUMBER


def sheet_with(path: Path, note: str) -> Path:
    """Two fees; the second one's note stands in a hidden column."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADINGS)
    for number, (name, said) in enumerate((("护照", "无"), ("签注", note)), 1):
        basis = ["缴入国库", "发改价格〔2019〕914号", "公安局", "申请人", "120元/本", "否"]
        page.append([number, number, "公安", name, *basis, said])
    page.column_dimensions["K"].hidden = True
    book.save(path)
    return path


def test_an_identity_number_in_a_hidden_column_is_a_bad_row(tmp_path: Path) -> None:
    reading = bringing.read(sheet_with(tmp_path / "收费.xlsx", f"经办人{NUMBER}"), "fee")
    assert [draft.title for draft in reading.drafts] == ["护照"]
    (problem,) = reading.problems
    assert (problem.row, problem.column) == (3, "备注")
    assert "身份证号码" in problem.wrong
    assert NUMBER not in str(problem)


def test_a_word_that_staff_banned_meanwhile_stops_the_release_too(
    database: Database, tmp_path: Path
) -> None:
    number = bring(database, "fee", sheet_with(tmp_path / "收费.xlsx", "扶贫办代收"), reviewers=())
    with database.write() as db:
        db.add(Word(word="扶贫办", kind="banned", better=""))
    with pytest.raises(Refusal, match=r"签注.*禁用词"), database.write() as db:
        review.release(db, review.one(db, number), ["张", "李"], review.INSIDE, NOW)
    assert live(database, "fee") == {}
