"""Documents that end, and the rows that stop answering with them until people have looked again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bureau.catalogues import terms
from bureau.catalogues.models import BasisReview, EndedDocument
from bureau.staff import alerts, audit, roles
from bureau.staff.models import Clerk
from core.clock import day_of
from core.errors import Forbidden, NotFound, Refusal
from knowledge import importing
from knowledge.bases import IN_FORCE, bases_of, cites, number_of, term_of
from knowledge.models import Entry, EntryState, KnowledgeVersion

REPEALED, EXPIRED = "repealed", "expired"
HOW: Mapping[str, str] = {REPEALED: "已废止", EXPIRED: "已到期"}
BY_CLERK = "clerk"
LONGEST_STOP = 400
OPEN, CONFIRMED, REPLACED, GONE = "", "confirmed", "replaced", "gone"
LIVE = (
    Entry.id, Entry.kind, Entry.key, Entry.title, Entry.source, Entry.status, Entry.fields,
    Entry.stopped_by, Entry.valid_to,
)  # fmt: skip
Reviews = dict[tuple[str, str, str], BasisReview]


def mark(
    db: Session, number: str, how: str, on: date, note: str, by: Clerk, now: datetime
) -> EndedDocument:
    """A clerk says that a document is without effect from `on` on.

    Raises Refusal for a text that is no document number, or one marked before.
    """
    roles.require(by.role, "catalogues.draft")
    spelled = number_of(number)
    if not spelled or len(spelled) > 80:
        raise Refusal("请写一个文号，例如：财税〔2018〕37号。")
    if how not in HOW:
        raise Refusal("请选择废止或到期。")
    if _ended(db, spelled) is not None:
        raise Refusal("这个文号已经标记过了。")
    made = end(db, spelled, how, on, note.strip(), BY_CLERK, by.display_name, now)
    made.clerk_id = by.id
    audit.note(db, by, "basis.end", f"basis:{made.id}", now, number=spelled, on=str(on))
    return made


def end(
    db: Session,
    number: str,
    how: str,
    on: date,
    note: str,
    origin: str,
    said_by: str,
    now: datetime,
) -> EndedDocument:
    """Keep that a document ends, and stop its rows when that day has come. Told twice, it is once.

    number: as knowledge.bases.number_of spells it.
    """
    there = _ended(db, number)
    if there is not None:
        return there
    made = EndedDocument(
        number=number, how=how, ended_on=on, note=note, origin=origin, said_by=said_by, at=now
    )
    db.add(made)
    db.flush()
    settle(db, now)
    return made


def unmark(db: Session, document_id: int, by: Clerk, now: datetime) -> None:
    """Another person takes a wrong mark back; its rows answer again as they were reviewed."""
    roles.require(by.role, "catalogues.review")
    document = db.get(EndedDocument, document_id)
    if document is None:
        raise NotFound("没有这个文号。")
    if document.clerk_id == by.id:
        raise Forbidden("须由另一人撤销标记。")
    audit.note(db, by, "basis.unmark", f"basis:{document.id}", now, number=document.number)
    for review in db.scalars(select(BasisReview).where(BasisReview.number == document.number)):
        db.delete(review)
    db.delete(document)
    db.flush()
    settle(db, now)


def any_due(db: Session, now: datetime) -> bool:
    """Whether the last day of a document, or of a row itself, has passed and rows still answer."""
    due = select(EndedDocument.id).where(_due(now)).limit(1)
    return db.scalar(due) is not None or terms.any_due(db, now)


def settle(db: Session, now: datetime) -> int:
    """Rows on ended documents, and those whose own term is over, stop; how many changed.

    Rows that are so no longer answer again. A review opens for each row and document; it closes
    by itself when the row cites it no longer.
    """
    db.get(KnowledgeVersion, 1, with_for_update=True)  # one settles at a time
    ended = list(db.scalars(select(EndedDocument).where(EndedDocument.ended_on <= day_of(now))))
    stopped = Entry.state == EntryState.LIVE, Entry.stopped_by != ""
    over = terms.any_due(db, now)
    waits = db.scalar(select(Entry.id).where(*stopped).limit(1)) or count_open(db)
    if not (ended or over or waits):
        return 0
    reviews = {(one.kind, one.key, one.number): one for one in db.scalars(select(BasisReview))}
    cited: dict[tuple[str, str], list[str]] = {}
    moved: dict[str, list[int]] = {}
    for row in db.execute(select(*LIVE).where(Entry.state == EntryState.LIVE)):
        numbers = _ended_under(row, ended, now)
        cited[row.kind, row.key] = numbers
        still = [one for one in numbers if _is_open(db, reviews, row, one, now)]
        stop = "、".join(still)[:LONGEST_STOP]
        if stop != row.stopped_by:
            moved.setdefault(stop, []).append(row.id)
    _close(reviews, cited, now)
    for stop, ids in moved.items():
        for start in range(0, len(ids), importing.SLICE):
            part = Entry.id.in_(ids[start : start + importing.SLICE])
            db.execute(update(Entry).where(part).values(stopped_by=stop))
    _applied(db, ended, now)
    if over:
        terms.tell_staff(db, now)
    if moved:
        importing.touch(db, now)
    return sum(map(len, moved.values()))


def documents(db: Session) -> list[tuple[EndedDocument, int]]:
    """Documents marked, the newest first, each with how many reviews of its rows are open."""
    opened = func.count(BasisReview.id).filter(BasisReview.outcome == OPEN)
    query = (
        select(EndedDocument, opened)
        .outerjoin(BasisReview, BasisReview.number == EndedDocument.number)
        .group_by(EndedDocument.id)
    )
    return [(row[0], row[1]) for row in db.execute(query.order_by(EndedDocument.id.desc()))]


def to_review(db: Session, limit: int = 200) -> list[BasisReview]:
    """Rows that stand on an ended document and wait for people, oldest first."""
    query = select(BasisReview).where(BasisReview.outcome == OPEN)
    return list(db.scalars(query.order_by(BasisReview.id).limit(limit)))


def count_open(db: Session) -> int:
    query = select(func.count()).select_from(BasisReview).where(BasisReview.outcome == OPEN)
    return db.scalar(query) or 0


def propose(db: Session, review_id: int, note: str, by: Clerk, now: datetime) -> None:
    """One person says, with a reason, that the row holds although its document has ended."""
    roles.require(by.role, "catalogues.draft")
    review = _open_one(db, review_id)
    if not note.strip():
        raise Refusal("请写明仍然有效的理由，例如由哪个新文件延续。")
    review.note, review.proposed_by, review.proposer_id = note.strip(), by.display_name, by.id
    audit.note(db, by, "basis.propose", f"basis_review:{review.id}", now, note=note.strip())


def decide(db: Session, review_id: int, agreed: bool, by: Clerk, now: datetime) -> None:
    """Another person agrees, and the row answers again; or does not, and it stays stopped."""
    roles.require(by.role, "catalogues.review")
    review = _open_one(db, review_id)
    if review.proposer_id is None:
        raise Refusal("还没有人提出仍然有效。")
    if agreed and review.proposer_id == by.id:
        raise Forbidden("须由另一人复核。")
    deed = "basis.confirm" if agreed else "basis.refuse"
    audit.note(db, by, deed, f"basis_review:{review.id}", now, key=review.key)
    if not agreed:
        review.note, review.proposed_by, review.proposer_id = "", "", None
        return
    review.outcome, review.decided_by, review.decided_at = CONFIRMED, by.display_name, now
    db.flush()
    settle(db, now)


def one(db: Session, review_id: int) -> BasisReview:
    """Raises NotFound."""
    review = db.get(BasisReview, review_id)
    if review is None:
        raise NotFound("没有这项复核。")
    return review


def _open_one(db: Session, review_id: int) -> BasisReview:
    review = one(db, review_id)
    if review.outcome != OPEN:
        raise Refusal("这一项已经处理过了。")
    return review


def _ended(db: Session, number: str) -> EndedDocument | None:
    return db.scalar(select(EndedDocument).where(EndedDocument.number == number))


def _due(now: datetime) -> Any:
    return (EndedDocument.ended_on <= day_of(now)) & EndedDocument.applied_at.is_(None)


def _ended_under(row: Any, ended: list[EndedDocument], now: datetime) -> list[str]:
    """The ended documents that a row in force rests on; first its own term, where that is over."""
    if row.status not in IN_FORCE:
        return []
    numbers = bases_of(row.kind, row.source, row.fields) if ended else ()
    cited = [one.number for one in ended if cites(numbers, one.number)]
    return [number for number in (term_of(row.valid_to, day_of(now)), *cited) if number]


def _is_open(db: Session, reviews: Reviews, row: Any, number: str, now: datetime) -> bool:
    """Whether the row waits for people because of this document; opens the review if need be."""
    there = reviews.get((row.kind, row.key, number))
    if there is None:
        there = BasisReview(
            kind=row.kind, key=row.key, title=row.title, number=number, opened_at=now, outcome=OPEN
        )
        db.add(there)
        reviews[row.kind, row.key, number] = there
    elif there.outcome in (REPLACED, GONE):  # it cites the document once more
        there.outcome, there.opened_at, there.decided_at = OPEN, now, None
    return there.outcome == OPEN


def _close(reviews: Reviews, cited: dict[tuple[str, str], list[str]], now: datetime) -> None:
    for (kind, key, number), review in reviews.items():
        if review.outcome == OPEN and number not in cited.get((kind, key), ()):
            review.outcome = REPLACED if (kind, key) in cited else GONE
            review.decided_at = now


def _applied(db: Session, ended: list[EndedDocument], now: datetime) -> None:
    """Note that the day of these documents has come, and tell the staff of their rows once."""
    for document in ended:
        if document.applied_at is not None:
            continue
        document.applied_at = now
        db.flush()
        mine = BasisReview.number == document.number, BasisReview.outcome == OPEN
        count = db.scalar(select(func.count()).select_from(BasisReview).where(*mine)) or 0
        if count:
            words = f"{document.number}{HOW[document.how]}，{count} 条答复已停用，请到“依据”复核。"
            alerts.put(db, f"basis:{document.number}:{document.ended_on}", words, now)
