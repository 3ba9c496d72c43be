"""Matters of other departments: 社保 belongs to 人社 …; a table that staff edit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.answered import Redirect


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

    def find(self, text: str, names: str) -> Redirect | None:
        """The department whose word a normalised question uses, unless `names` know the word.

        names: all names of the best entry found: what is in the catalogue is answered here.
        """
        if not self._any.search(text):  # most messages name no door
            return None
        for word, redirect in self._words:
            if word in text and word not in names:
                return redirect
        return None
