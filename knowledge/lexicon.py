"""Everyday words and the official ones they stand for: 驾照 → 机动车 驾驶证. Staff edit them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 8


@dataclass(frozen=True, slots=True)
class Meaning:
    """An everyday word at [start, end) of a question and the official words it may stand for."""

    start: int
    end: int
    official: tuple[str, ...]


class Lexicon:
    """Everyday word → official words; immutable once built."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """`rows`: (everyday words, official words), several of each with a space between."""
        table: dict[str, list[str]] = defaultdict(list)
        for everyday, official in rows:
            for word in everyday.split():
                table[word.lower()].extend(official.lower().split())
        self._table = {word: tuple(dict.fromkeys(means)) for word, means in table.items()}
        self.longest = min(max(map(len, self._table), default=0), LONGEST)

    def words(self) -> set[str]:
        """All everyday and official words."""
        return {*self._table, *(word for means in self._table.values() for word in means)}

    def meanings(self, text: str, borders: frozenset[int]) -> list[Meaning]:
        """The everyday words in a normalised text; longer ones first hide those inside them.

        A single character counts only where it is a word of its own: both ends in `borders`.
        """
        found = []
        start = 0
        while start < len(text):
            length = self._at(text, start, borders)
            if length:
                word = text[start : start + length]
                found.append(Meaning(start, start + length, self._table[word]))
            start += max(length, 1)
        return found

    def _at(self, text: str, start: int, borders: frozenset[int]) -> int:
        for length in range(min(self.longest, len(text) - start), 0, -1):
            if text[start : start + length] in self._table and (
                length > 1 or (start in borders and start + 1 in borders)
            ):
                return length
        return 0
