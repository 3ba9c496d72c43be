"""Words by jieba in search mode, by a tokenizer of our own, unchanged in service."""

import logging
import math
from collections.abc import Iterable
from pathlib import Path

import jieba

from knowledge.characters import Characters

jieba.setLogLevel(logging.WARNING)


class Tokenizer:
    """Cuts normalised text. Loaded when built (0.6 s), so that no request pays for it."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` keeps jieba's cache: never the shared one in the system's temp folder."""
        self._cut = jieba.Tokenizer()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._cut.tmp_dir = str(folder)
        self._cut.initialize()
        self._total = float(self._cut.total)
        self.characters = Characters.load()

    def words(self, text: str) -> list[str]:
        """Search-mode words: compounds and the known words inside them; no single characters."""
        return [word for word in self._cut.cut_for_search(text) if len(word) > 1]

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """The precise cut: (word, start, end), spaces left out."""
        return [part for part in self._cut.tokenize(text) if part[0] != " "]

    def inner(self, spans: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """The search-mode words of a precise cut, as jieba's own search mode gives them.

        Compounds and the two- and three-character words in them; no single characters.
        """
        known = self._cut.FREQ
        found = []
        for word, start, end in spans:
            length = end - start
            for size in (2, 3) if length > 3 else (2,) if length > 2 else ():
                for i in range(length - size + 1):
                    part = word[i : i + size]
                    if known.get(part):
                        found.append((part, start + i, start + i + size))
            if length > 1:
                found.append((word, start, end))
        return found

    def knows(self, word: str) -> bool:
        return bool(self._cut.FREQ.get(word))

    def background_idf(self, word: str) -> float:
        """How rare a word is in ordinary Chinese: nats, from jieba's own dictionary counts."""
        if len(word) == 1:
            return self.characters.idf(word)
        return math.log(self._total / (self._cut.FREQ.get(word) or 2.0)) * 0.6

    def vocabulary(self, texts: Iterable[str]) -> set[str]:
        """All search-mode words of some texts."""
        return {word for text in texts for word in self.words(text)}
