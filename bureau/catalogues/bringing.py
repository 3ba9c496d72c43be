"""One import from file to review item: read, check, compare, store, and release where allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bureau.catalogues import review, scanning
from core.errors import Refusal
from knowledge import importing
from knowledge.importing import Difference
from knowledge.models import Batch
from knowledge.rows import Draft, Problem, drafts_of
from knowledge.sheets import read_sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood: entries, problems, and headings that were left out."""

    drafts: list[Draft]
    problems: list[Problem]
    unknown_headings: list[str]


def read(path: Path, kind: str, *, scope: str = "", valid_from: date | None = None) -> Reading:
    """Read and check a whole file. Raises Refusal when it cannot be read at all."""
    if not path.is_file():
        raise Refusal(f"没有这个文件：{path}")
    sheet = read_sheet(path, kind)
    drafts, problems = drafts_of(sheet, kind, scope=scope, valid_from=valid_from)
    good, found = scanning.sorted_out(drafts)
    return Reading(good, sorted([*problems, *found], key=lambda one: one.row), sheet.unknown)


def compare(db: Session, kind: str, reading: Reading) -> Difference:
    """What the file would change."""
    return importing.difference(db, kind, reading.drafts)


def bring_in(
    db: Session,
    kind: str,
    reading: Reading,
    *,
    file_name: str,
    replace: bool,
    reviewers: Sequence[str],
    now: datetime,
) -> Batch:
    """Store the entries as one review item; with `reviewers` it is live at once.

    Raises Refusal for fewer than two different reviewers.
    """
    if reviewers:
        reviewers = review.checked_names(reviewers)
    batch = importing.store(db, kind, reading.drafts, file_name=file_name, replace=replace, now=now)
    if reviewers:
        review.release(db, batch, reviewers, review.OUTSIDE, now)
    return batch
