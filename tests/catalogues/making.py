"""Small catalogues for tests: rows as a file would carry them, live at once; clerks who differ."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bureau.catalogues import review
from bureau.staff.models import Clerk
from knowledge import importing
from knowledge.models import Batch
from knowledge.rows import drafts_of
from knowledge.sheet_rows import Row, Sheet

PASSPORT = {
    "id": "f-1",
    "name": "普通护照",
    "rate_text": "120元/本",
    "legal_basis": "发改价格〔2019〕914号,发改价格〔2017〕1186号",
    "collecting_unit": "公安局出入境管理大队",
}
VISA = {
    "id": "f-2",
    "name": "往来港澳通行证签注",
    "rate_text": "15元/件",
    "legal_basis": "发改价格〔2019〕914号",
    "collecting_unit": "公安局出入境管理大队",
}


def make_batch(
    db: Session, kind: str, rows: list[dict[str, Any]], now: datetime, *, replace: bool = False
) -> Batch:
    """An import that waits for its review."""
    drafts, problems = drafts_of(Sheet([Row(i, r) for i, r in enumerate(rows, 1)], {}, []), kind)
    assert not problems
    return importing.store(db, kind, drafts, file_name="t.json", replace=replace, now=now)


def make_live(
    db: Session, kind: str, rows: list[dict[str, Any]], now: datetime, *, replace: bool = False
) -> Batch:
    batch = make_batch(db, kind, rows, now, replace=replace)
    review.release(db, batch, ["甲", "乙"], review.OUTSIDE, now)
    return batch


def make_clerks(db: Session, now: datetime, *roles: str) -> list[Clerk]:
    """A clerk of each role, named by it and its place."""
    clerks = [
        Clerk(
            name=f"{role}{place}",
            display_name=f"{role}{place}",
            role=role,
            password_hash="x",
            must_change=False,
            created_at=now,
        )
        for place, role in enumerate(roles)
    ]
    db.add_all(clerks)
    db.flush()
    return clerks
