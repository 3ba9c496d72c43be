"""Looking after the answers, to be tried: a bank, a document that ended, a list that waits."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bureau.catalogues import bank, bases, proposing, review
from bureau.catalogues.reference import SAMPLE_REVIEWERS
from bureau.inquiries import answering
from bureau.staff.models import StaffAlert
from knowledge import importing
from knowledge.models import Batch, Kind
from knowledge.rows import Draft, drafts_of
from knowledge.sheet_rows import Row, Sheet
from ops.seeding.past import Past, sample_file

NAME = "样例："  # how the names of imports made here begin
BY = "样例"
ORIGIN = "sample"
LIST = f"{NAME}收费清单年度核对"


def load(past: Past) -> None:
    """Load them once the sample catalogues and questions are there."""
    data: dict[str, Any] = json.loads(sample_file("answers.json").read_text("utf8"))
    questions = json.loads(sample_file("bank.json").read_text("utf8"))["questions"]
    now = past.start
    with past.office.database.write() as db:
        for text, keys in questions.items():
            bank.keep(db, text, keys, bank.SAMPLE, BY, now)
        _end_a_document(db, data, now)
        _let_a_list_wait(db, data, now)
        batch = _faq(db, data["waiting_faq"], now)
        answering.promise(db, review.subject_of(batch), data["answers_miss"], BY, now)


def _end_a_document(db: Session, data: dict[str, Any], now: datetime) -> None:
    """A question whose document ended today: it waits for people."""
    review.release(db, _faq(db, data["ended_faq"], now), SAMPLE_REVIEWERS, review.SAMPLES, now)
    note = "样例，不是真实文件"
    bases.end(db, data["ended_number"], bases.EXPIRED, now.date(), note, ORIGIN, BY, now)
    told = StaffAlert.key.startswith(f"basis:{data['ended_number']}")
    db.execute(delete(StaffAlert).where(told))  # tell nobody


def _let_a_list_wait(db: Session, data: dict[str, Any], now: datetime) -> None:
    """A new version of the fees: one lower, one gone; a question of the bank would be lost."""
    drafts: list[Draft] = []
    for key, fields in data["changed"].items():
        entry = proposing.live(db, Kind.FEE, key)
        if entry is not None:
            drafts.append(proposing.draft_of(entry, **fields))
    batch = importing.store(db, Kind.FEE, drafts, file_name=LIST, replace=False, now=now)
    batch.gone_keys = [key for key in data["gone"] if proposing.live(db, Kind.FEE, key)]
    batch.counts = {**batch.counts, "gone": len(batch.gone_keys)}


def _faq(db: Session, row: dict[str, Any], now: datetime) -> Batch:
    cells = {**row, "name": row["question"]}
    drafts, _ = drafts_of(Sheet([Row(1, cells)], {}, []), Kind.FAQ)
    name = f"{NAME}{row['question']}"
    return importing.store(db, Kind.FAQ, drafts, file_name=name, replace=False, now=now)
