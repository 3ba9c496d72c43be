"""What the dispatcher's own hand says against the proposals: words to be confirmed, never taken."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.feedback import routing
from bureau.feedback.likeness import WORDS
from bureau.feedback.models import Ticket
from bureau.staff import offices

SPAN = timedelta(days=90)
LOOKED_AT = 300  # of the newest letters
OFTEN = 3  # letters of an office that share a word nobody taught
SHORTEST, LONGEST = 2, 6  # characters of a word
OFFERED = 8
LOOSE = frozenset("的了是在和与有我您你请能不把被就也都吗呢吧建议希望这那个要可以怎么什么一")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A word that stood in so many letters given to an office without being proposed for it."""

    word: str
    slug: str
    office: str
    letters: int


def lessons(db: Session, now: datetime) -> list[Lesson]:
    """Words of letters handed to an office that was not proposed first, and of no other office's.

    Somebody has to confirm each: until then nothing is proposed by it.
    """
    query = (
        select(Ticket.text, Ticket.office_id)
        .where(Ticket.office_id.is_not(None), Ticket.received_at >= now - SPAN)
        .order_by(Ticket.id.desc())
        .limit(LOOKED_AT)
    )
    corrected: dict[int, list[frozenset[str]]] = defaultdict(list)
    everywhere: Counter[str] = Counter()
    by_office: dict[int, Counter[str]] = defaultdict(Counter)
    rooms = offices.everyone(db)
    for text, office_id in db.execute(query):
        if office_id is None:
            continue
        pieces = words_in(text)
        everywhere.update(pieces)
        by_office[office_id].update(pieces)
        first = next(iter(routing.propose_among(rooms, text)), None)
        if first is None or first.office.id != office_id:
            corrected[office_id].append(pieces)
    found = []
    for office in rooms:
        shared = Counter(word for pieces in corrected[office.id] for word in pieces)
        mine = by_office[office.id]
        own = {w: n for w, n in shared.items() if n >= OFTEN and everywhere[w] == mine[w]}
        found += [Lesson(word, office.slug, office.name, own[word]) for word in _longest(own)]
    return sorted(found, key=lambda one: (-one.letters, -len(one.word), one.word))[:OFFERED]


def words_in(text: str) -> frozenset[str]:
    """Every run of 2 to 6 characters between marks that begins and ends with one that says much."""
    found = set()
    for part in WORDS.split(text):
        for size in range(SHORTEST, LONGEST + 1):
            runs = (part[i : i + size] for i in range(len(part) - size + 1))
            found |= {run for run in runs if run[0] not in LOOSE and run[-1] not in LOOSE}
    return frozenset(found)


def _longest(own: dict[str, int]) -> Iterable[str]:
    """Of runs inside each other that stood in as many letters, the longest only."""
    return [
        word
        for word, count in own.items()
        if not any(word != other and word in other and own[other] == count for other in own)
    ]
