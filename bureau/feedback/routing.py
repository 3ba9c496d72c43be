"""Which office a letter is for: proposed from words, explained, and taught only by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bureau.staff import audit, offices, roles
from bureau.staff.models import Clerk, StaffOffice
from core.errors import Refusal

PROPOSALS = 3
LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """An office and the words of the letter that point to it."""

    office: StaffOffice
    words: tuple[str, ...]


def propose(db: Session, text: str) -> list[Proposal]:
    """Offices whose words the text uses, the best three first; longer words weigh more."""
    return propose_among(offices.everyone(db), text)


def propose_among(rooms: Sequence[StaffOffice], text: str) -> list[Proposal]:
    """As `propose`, of offices that are read already."""
    found = []
    for office in rooms:
        used = tuple(word for word in office.words if word in text)
        # 收费 inside 收费目录 is the same find, not a second one.
        own = tuple(w for w in used if not any(w != other and w in other for other in used))
        if own:
            found.append(Proposal(office, own))
    return sorted(found, key=lambda p: -sum(len(word) for word in p.words))[:PROPOSALS]


def teach(db: Session, office: StaffOffice, word: str, by: Clerk, now: datetime) -> None:
    """A word points to this office from now on. Raises Refusal for a bad or taken word."""
    roles.require(by.role, "feedback.assign")
    word = word.strip()
    if not 2 <= len(word) <= LONGEST_WORD:
        raise Refusal(f"关键词须为2到{LONGEST_WORD}个字。")
    for other in offices.everyone(db):
        if word in other.words:
            raise Refusal(f"“{word}”已经指向{other.name}。")
    office.words = [*office.words, word]
    audit.note(db, by, "routing.teach", f"office:{office.slug}", now, word=word)


def forget(db: Session, office: StaffOffice, word: str, by: Clerk, now: datetime) -> None:
    """A word points nowhere any more."""
    roles.require(by.role, "feedback.assign")
    office.words = [kept for kept in office.words if kept != word]
    audit.note(db, by, "routing.forget", f"office:{office.slug}", now, word=word)
