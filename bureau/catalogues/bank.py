"""The bank: questions and what answers them, asked again before knowledge is released."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bureau.catalogues.models import BankQuestion
from bureau.staff import audit, roles
from bureau.staff.models import Clerk
from core.errors import NotFound, Refusal
from knowledge.answered import Answered
from knowledge.models import Entry, EntryState
from knowledge.text import normalise, without_fillers

SAMPLE, STAFF, INQUIRY = "sample", "staff", "inquiry"
ORIGINS = {SAMPLE: "样例", STAFF: "工作人员", INQUIRY: "群众提问"}
LONGEST = 200
DIRECT, OFFERED, MISSED = 2, 1, 0
NOTHING = "答不上来"
Ask = Callable[[str], Answered]


@dataclass(frozen=True, slots=True)
class Lost:
    """A question that was answered rightly and would not be any more; what was and would be said.

    origin: who put it into the bank.
    """

    text: str
    before: str
    after: str
    origin: str

    def __str__(self) -> str:
        return f"{self.text}：原来 {self.before}，之后 {self.after}"


@dataclass(frozen=True, slots=True)
class Replay:
    """How many questions were asked, how many of them were right, and which would be lost."""

    asked: int
    right: int
    lost: tuple[Lost, ...]

    def to_json(self, version: int) -> dict[str, Any]:
        lost = [asdict(one) for one in self.lost]
        return {"version": version, "asked": self.asked, "right": self.right, "lost": lost}


def add(
    db: Session, text: str, keys: Sequence[str], by: Clerk, now: datetime, origin: str = STAFF
) -> BankQuestion:
    """Keep a question with the ids of the entries that answer it.

    Raises Refusal when one of them answers nothing now, or the question is there already.
    """
    roles.require(by.role, "catalogues.draft")
    text = " ".join(text.split())
    keys = list(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if not text or len(text) > LONGEST or not normalise(text):
        raise Refusal(f"请写明问题，不超过{LONGEST}个字。")
    known = set(db.scalars(select(Entry.key).where(_live(), Entry.key.in_(keys))))
    if not keys or set(keys) - known:
        unknown = "、".join(key for key in keys if key not in known)
        raise Refusal(f"没有正在使用的条目：{unknown or '请写编号'}。")
    if _there(db, text) is not None:
        raise Refusal("题库里已经有这个问题。")
    made = keep(db, text, keys, origin, by.display_name, now)
    audit.note(db, by, "bank.add", f"bank:{made.id}", now, targets=keys)
    return made


def keep(
    db: Session, text: str, keys: Sequence[str], origin: str, said_by: str, now: datetime
) -> BankQuestion:
    """Write the question down; one that is there already stays as it is."""
    there = _there(db, text)
    if there is not None:
        return there
    made = BankQuestion(
        text=text, wording=_wording(text), targets=list(keys), origin=origin, added_by=said_by,
        added_at=now,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def remove(db: Session, number: int, by: Clerk, now: datetime) -> None:
    """Take a question out. Raises NotFound."""
    roles.require(by.role, "catalogues.draft")
    question = db.get(BankQuestion, number)
    if question is None:
        raise NotFound("题库里没有这个问题。")
    audit.note(db, by, "bank.remove", f"bank:{number}", now, text=question.text)
    db.delete(question)


def page(db: Session, *, offset: int = 0, size: int = 20) -> tuple[list[BankQuestion], int]:
    """A page of the bank, the newest first, and how many there are."""
    query = select(BankQuestion).order_by(BankQuestion.id.desc()).offset(offset).limit(size)
    return list(db.scalars(query)), db.scalar(select(func.count(BankQuestion.id))) or 0


def everything(db: Session) -> list[BankQuestion]:
    return list(db.scalars(select(BankQuestion).order_by(BankQuestion.id)))


def is_empty(db: Session) -> bool:
    return db.scalar(select(BankQuestion.id).limit(1)) is None


def unknown_to(db: Session, texts: Iterable[str]) -> set[str]:
    """Those of these questions that the bank does not have."""
    wordings = {text: _wording(text) for text in texts}
    query = select(BankQuestion.wording).where(BankQuestion.wording.in_(wordings.values()))
    known = set(db.scalars(query))
    return {text for text, wording in wordings.items() if wording not in known}


def replay(questions: Sequence[BankQuestion], before: Ask, after: Callable[[], Ask]) -> Replay:
    """Ask every question now and after a change; `after` is built only if anything can be lost."""
    stood = [(one, before(one.text)) for one in questions]
    right = [(one, said) for one, said in stood if standing(said, one.targets) > MISSED]
    if not right:
        return Replay(len(stood), 0, ())
    ask, lost = after(), []
    for one, said in right:
        then = ask(one.text)
        if standing(then, one.targets) < standing(said, one.targets):
            lost.append(Lost(one.text, told(said), told(then), one.origin))
    return Replay(len(stood), len(right), tuple(lost))


def standing(answered: Answered, targets: Sequence[str]) -> int:
    """DIRECT: a right entry is the answer; OFFERED: it is among the choices; else MISSED."""
    if answered.outcome == "answer":
        said = {card.id for card in answered.cards} | {answered.hits[0].id}
        return DIRECT if said & set(targets) else MISSED
    if answered.outcome == "choose":
        return OFFERED if set(answered.keep.ids) & set(targets) else MISSED
    return MISSED


def told(answered: Answered) -> str:
    """What a citizen was told, in short."""
    if answered.outcome == "answer":
        return f"回答“{answered.cards[0].title}”"
    titles = [hit.title for hit in answered.hits[: len(answered.keep.ids)]]
    return f"让人选“{'、'.join(titles)}”" if answered.outcome == "choose" else NOTHING


def _wording(text: str) -> str:
    return (without_fillers(normalise(text)) or text)[:LONGEST]


def _there(db: Session, text: str) -> BankQuestion | None:
    return db.scalar(select(BankQuestion).where(BankQuestion.wording == _wording(text)))


def _live() -> Any:
    return Entry.state == EntryState.LIVE
