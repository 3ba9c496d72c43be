"""Everyday words and the official ones they stand for: 驾照 → 机动车 驾驶证. Staff edit them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self._table:
            lengths[word[0]].add(min(len(word), LONGEST))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def words(self) -> set[str]:
        """All everyday and official words."""
        return {*self._table, *(word for means in self._table.values() for word in means)}

    def knows(self, word: str) -> bool:
        """Whether it is an everyday word here."""
        return word in self._table

    def meanings(self, text: str, borders: frozenset[int]) -> list[Meaning]:
        """The everyday words in a normalised text; longer ones first hide those inside them.

        A single character counts only where it is a word of its own: both ends in `borders`.
        """
        found = []
        end = 0
        for start, first in enumerate(text):
            lengths = self._lengths.get(first)
            if lengths and start >= end:
                word = self._longest(text, start, lengths, borders)
                if word:
                    end = start + len(word)
                    found.append(Meaning(start, end, self._table[word]))
        return found

    def _longest(
        self, text: str, start: int, lengths: Sequence[int], borders: frozenset[int]
    ) -> str:
        for length in lengths:
            word = text[start : start + length]
            if word in self._table and (
                len(word) > 1 or (start in borders and start + 1 in borders)
            ):
                return word
        return ""
