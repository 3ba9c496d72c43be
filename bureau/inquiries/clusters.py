"""Questions nobody could answer, like ones together: what staff should write next.

Two wordings are alike when the words left without the asking ones are the same or nearly so, and
the same is asked: 残保金怎么算 and 请问残保金咋算; never 残保金电话.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from bureau.inquiries.models import Inquiry
from knowledge.slots import asked
from knowledge.text import normalise, without_fillers

ALIKE = 0.8  # of the pairs of characters (Dice) that two wordings must share
LOOKED_AT = 400  # different wordings, the most asked first


@dataclass(frozen=True, slots=True)
class Miss:
    """Like questions that got no answer, or one the person called wrong.

    wording: of the one asked most; wordings: all of them.
    """

    wording: str
    sample: str
    times: int
    last_at: datetime
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gist:
    """What two wordings are compared by: the slot asked, and the characters that name a matter."""

    slot: str
    text: str

    @property
    def pairs(self) -> set[str]:
        return {a + b for a, b in zip(self.text, self.text[1:], strict=False)} or {self.text}


def gist_of(wording: str) -> Gist:
    """The gist of a normalised question; one that only asks is compared as it stands."""
    plain = without_fillers(wording)
    read = asked(plain)
    kept = [c for c, asks in zip(plain, read.asking, strict=True) if not asks and c != " "]
    return Gist(read.slot, "".join(kept) or plain)


def alike(one: Gist, other: Gist) -> bool:
    """Whether one answer would do for both."""
    if one.slot != other.slot:
        return False
    mine, theirs = one.pairs, other.pairs
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= ALIKE


def misses(db: Session, limit: int = 50) -> list[Miss]:
    """Questions without a right answer, not settled; like ones together, the most asked first."""
    found: list[tuple[Gist, list[Miss]]] = []
    for row in _wordings(db):
        gist = gist_of(row.wording)
        home = next((rows for other, rows in found if alike(gist, other)), None)
        if home is None:
            found.append((gist, [row]))
        else:
            home.append(row)
    joined = sorted((_joined(rows) for _, rows in found), key=lambda one: -one.times)
    return joined[:limit]


def like(db: Session, wording: str) -> tuple[str, ...]:
    """All open wordings alike to this one; empty when nobody waits for it."""
    gist = gist_of(normalise(wording) or wording)
    return tuple(one.wording for one in _wordings(db) if alike(gist, gist_of(one.wording)))


def settle(db: Session, wordings: Iterable[str], now: datetime) -> int:
    """These questions have an answer: they are no misses any more. The number settled."""
    mine = Inquiry.wording.in_(list(wordings)), Inquiry.settled_at.is_(None)
    result: Any = db.execute(update(Inquiry).where(*mine).values(settled_at=now))
    return int(result.rowcount)


def unanswered() -> ColumnElement[bool]:
    """Inquiries that wait for staff."""
    wrong = or_(Inquiry.outcome == "unknown", Inquiry.useful.is_(False))
    return wrong & Inquiry.settled_at.is_(None)


def _wordings(db: Session) -> list[Miss]:
    times, last = func.count(), func.max(Inquiry.asked_at)
    grouped = (
        select(Inquiry.wording, func.max(Inquiry.text), times, last)
        .where(unanswered())
        .group_by(Inquiry.wording)
        .order_by(times.desc(), last.desc())
        .limit(LOOKED_AT)
    )
    return [Miss(*row) for row in db.execute(grouped)]


def _joined(rows: Sequence[Miss]) -> Miss:
    first, wordings = rows[0], tuple(row.wording for row in rows)
    times, last = sum(row.times for row in rows), max(row.last_at for row in rows)
    return Miss(first.wording, first.sample, times, last, wordings)
