"""A row whose document has ended gets a new basis, as a version of its own with two reviews."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import bases, proposing
from bureau.catalogues.models import EndedDocument
from bureau.staff import roles
from bureau.staff.models import Clerk
from core.clock import day_of
from core.errors import NotFound, Refusal
from knowledge.bases import TERM, bases_of, cites
from knowledge.models import Batch, Kind


def replace_basis(
    db: Session, review_id: int, basis: str, by: Clerk, now: datetime, answer: str = ""
) -> Batch:
    """The row with another basis as a review item of one; it answers again when that is live.

    basis: of a FAQ its source; answer: of a FAQ its new words, empty: as they are. Raises Refusal
    when what was written still stands on a document that has ended.
    """
    roles.require(by.role, "catalogues.draft")
    review = bases.one(db, review_id)
    entry = proposing.live(db, review.kind, review.key)
    if entry is None:
        raise NotFound("这一条已经不在清单里了。")
    basis, answer = basis.strip(), answer.strip()
    if not basis:
        raise Refusal("请写明新的依据，带文号。")
    if review.kind == Kind.FAQ:
        changed = {"answer": answer} if answer else {}
        draft = proposing.draft_of(entry, source=basis, **changed)
    else:
        draft = proposing.draft_of(entry, legal_basis=basis)
    cited = bases_of(review.kind, draft.source, draft.fields)
    for number in db.scalars(select(EndedDocument.number)):
        if cites(cited, number):
            raise Refusal(f"写下的内容里还有已失效的{number}。")
    return proposing.propose(db, review.kind, draft, f"更换依据：{entry.title}", by, now)


def extend(db: Session, review_id: int, until: date, by: Clerk, now: datetime) -> Batch:
    """The row with a later last day as a review item of one; it answers again when that is live.

    Raises Refusal for a day that has passed, or a row that stands on an ended document.
    """
    roles.require(by.role, "catalogues.draft")
    review = bases.one(db, review_id)
    entry = proposing.live(db, review.kind, review.key)
    if entry is None:
        raise NotFound("这一条已经不在清单里了。")
    if not review.number.startswith(TERM):
        raise Refusal("这一条停用是因为依据失效，请更换依据。")
    if until < day_of(now):
        raise Refusal("新的终止日期已经过去了。")
    draft = replace(proposing.draft_of(entry), valid_to=until)
    return proposing.propose(db, review.kind, draft, f"延长期限：{entry.title}", by, now)
