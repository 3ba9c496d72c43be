"""From a question nobody could answer to an entry that answers it: one step, two-person release."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.catalogues import proposing
from bureau.facts import told
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import Forbidden, IllegalMove, NotFound, Refusal
from knowledge import importing
from knowledge.models import Batch, Kind, LexiconRow
from knowledge.rows import drafts_of
from knowledge.sheet_rows import Row, Sheet

PROPOSED = "待复核："
LONGEST_ORIGIN = 64


def new_faq(
    db: Session, question: str, answer: str, source: str, office: str, by: Clerk, now: datetime
) -> Batch:
    """A new FAQ as a review item of one. Raises Refusal naming what is missing or there already."""
    roles.require(by.role, "catalogues.draft")
    cells = {
        "name": question.strip(),
        "answer": answer.strip(),
        "source": source.strip(),
        "responsible_office": office.strip(),
        "confidence": "工作人员编写",
    }
    drafts, problems = drafts_of(Sheet([Row(1, cells)], {}, []), Kind.FAQ)
    if problems or not answer.strip():
        raise Refusal("；".join(map(str, problems)) or "请写明答案。")
    if proposing.live(db, Kind.FAQ, drafts[0].key) is not None:
        raise Refusal("已有同样的问题，请改为给它加一个相似问法。")
    return proposing.propose(db, Kind.FAQ, drafts[0], f"新问答：{question.strip()}", by, now)


def add_similar(db: Session, key: str, wording: str, by: Clerk, now: datetime) -> Batch:
    """Another way to ask a FAQ, as a review item of one. Raises NotFound or Refusal."""
    roles.require(by.role, "catalogues.draft")
    entry, wording = proposing.live(db, Kind.FAQ, key), wording.strip()
    if entry is None:
        raise NotFound("没有找到这条常见问题。")
    known = list(entry.fields.get("similar") or [])
    if not wording or wording in (entry.title, *known):
        raise Refusal("这个问法已经有了。")
    draft = proposing.draft_of(entry, similar=[*known, wording])
    return proposing.propose(db, Kind.FAQ, draft, f"相似问法：{wording}", by, now)


def propose_word(db: Session, everyday: str, official: str, by: Clerk, now: datetime) -> LexiconRow:
    """An everyday word and what documents call it; it counts when another person agrees."""
    roles.require(by.role, "catalogues.draft")
    everyday, official = " ".join(everyday.split()), " ".join(official.split())
    if not everyday or not official or max(len(everyday), len(official)) > 200:
        raise Refusal("请写明大家的叫法和文件里的叫法，各不超过200个字。")
    there = (LexiconRow.everyday == everyday) & (LexiconRow.official == official)
    if db.scalar(select(LexiconRow.id).where(there)) is not None:
        raise Refusal("这个叫法已经有了。")
    origin = f"{PROPOSED}{by.id}"
    row = LexiconRow(everyday=everyday, official=official, origin=origin, active=False)
    db.add(row)
    db.flush()
    audit.note(db, by, "lexicon.propose", f"lexicon:{row.id}", now, everyday=everyday)
    return row


def words_waiting(db: Session) -> list[LexiconRow]:
    """Words proposed that nobody has agreed to yet."""
    mine = LexiconRow.active.is_(False) & LexiconRow.origin.startswith(PROPOSED)
    return list(db.scalars(select(LexiconRow).where(mine).order_by(LexiconRow.id)))


def decide_word(db: Session, number: int, agreed: bool, by: Clerk, now: datetime) -> None:
    """Another person lets a proposed word count, or drops it."""
    roles.require(by.role, "catalogues.review")
    row = db.get(LexiconRow, number)
    if row is None:
        raise NotFound("没有这个叫法。")
    if row.active or not row.origin.startswith(PROPOSED):
        raise IllegalMove("这个叫法已经处理过了。")
    if agreed and row.origin == f"{PROPOSED}{by.id}":
        raise Forbidden("须由另一人复核。")
    deed = "lexicon.agree" if agreed else "lexicon.drop"
    audit.note(db, by, deed, f"lexicon:{row.id}", now, everyday=row.everyday)
    if not agreed:
        db.delete(row)
        return
    row.active, row.origin = True, f"复核：{by.display_name}"[:LONGEST_ORIGIN]
    importing.touch(db, now)
    told.tell(db, told.KNOWLEDGE_LIVE, f"lexicon:{row.id}", now)
