"""Matters of other departments: 社保 belongs to 人社 …; a table that staff edit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from knowledge.answered import Redirect
from knowledge.slots import asking_in

ELSEWHERE_SAID = 2  # pairs of an entry's names in another clause: the word is circumstance only


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A department, its number where known, and words that name its matters."""

    name: str
    phone: str
    words: tuple[str, ...]


class Doors:
    """Word → department, longest word first."""

    def __init__(self, rows: Iterable[DoorRow]) -> None:
        pairs = [(word, Redirect(row.name, row.phone)) for row in rows for word in row.words]
        self._words = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._any = re.compile("|".join(re.escape(word) for word, _ in self._words) or "(?!)")

    def knows(self, text: str) -> bool:
        """Whether a normalised text uses any of the departments' words."""
        return self._any.search(text) is not None

    def find(self, text: str, names: str, body: str = "", certain: bool = False) -> Redirect | None:
        """The department whose word a normalised question uses, unless the matter is ours.

        names: all names of the best entry found, joined by |; body: the rest of it. A matter is
        ours when the entry knows the word and says more of the question than the word alone
        (低保 in 低保户污水费), or when another clause names it: 老赖不还钱，申请强制执行收费不.
        certain: the entry would be answered, so that knowing the word is enough.
        """
        if not self.knows(text):  # most messages name no door
            return None
        for word, redirect in self._words:
            if word not in text or (certain and word in names):
                continue
            if not _ours(word, text, names, body):
                return redirect
        return None


def _ours(word: str, text: str, names: str, body: str) -> bool:
    if not names:
        return False
    known = {a + b for a, b in pairwise(names)}
    asking = asking_in(text)
    start = text.index(word)
    shared = [
        i
        for i in range(len(text) - 1)
        if text[i : i + 2] in known
        and not (start <= i and i + 2 <= start + len(word))
        and not (asking[i] and asking[i + 1])
    ]
    if word in names or word in body:
        return bool(shared) or word in names.split("|")
    clause = text.count(" ", 0, start)
    return sum(text.count(" ", 0, i) != clause for i in shared) >= ELSEWHERE_SAID
