"""The index: postings for a first look, names for a close one. Built aside, never changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.documents import Document
from knowledge.lexicon import Lexicon
from knowledge.postings import Postings
from knowledge.question import Question, Reader
from knowledge.sounds import Sounds
from knowledge.tokenizer import Tokenizer

WORD, CHARACTER, MEANING, BODY = 0.4, 1.0, 0.35, 0.12  # found by search; chars beat words
FIRST_LOOK = 16
OTHER_NAMES = 0.8  # an everyday name's words count a little less than the title's


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate of the first look, with what each family of terms gave it (0 to about 1)."""

    position: int
    words: float
    characters: float
    meanings: float
    body: float

    @property
    def score(self) -> float:
        return (
            WORD * self.words
            + CHARACTER * self.characters
            + MEANING * self.meanings
            + BODY * self.body
        )


class Index:
    """Documents and everything needed to find them by a question."""

    def __init__(
        self, documents: Sequence[Document], tokenizer: Tokenizer, lexicon: Lexicon
    ) -> None:
        self.documents = tuple(documents)
        self.tokenizer = tokenizer
        self.lexicon = lexicon
        cut = Cutter(tokenizer)
        self.names = Postings.build(cut.bag(d.names) for d in self.documents)
        self.bodies = Postings.build(cut.bag((d.body,)) for d in self.documents)
        self.sounds = Sounds(
            [*cut.seen, *(w for w in lexicon.words() if len(w) > 1)],
            [*sorted(lexicon.words()), *(name for d in self.documents for name in d.names)],
            tokenizer.characters,
        )
        self.reader = Reader(tokenizer, lexicon, self.sounds, self.names)
        self.place = {d.id: i for i, d in enumerate(self.documents)}
        self._official = {
            word: [(t, self.reader.weight(t)) for t in (*tokenizer.words(word), *word)]
            for word in lexicon.words()
        }

    def first_look(
        self, question: Question, size: int = FIRST_LOOK, always: int | None = None
    ) -> list[Found]:
        """The best candidates by words, characters, meanings and body text, best first.

        always: the position of a document that is looked at whatever its score.
        """
        n = len(self.documents)
        if not n:
            return []
        layers = np.zeros((4, n), np.float32)
        _fill(self.names, layers[0], question.words)
        _fill(self.names, layers[1], question.characters)
        self._fill_meanings(layers[2], question)
        _fill(self.bodies, layers[3], question.words)
        _fill(self.bodies, layers[3], question.characters, 0.3)
        layers[0] /= sum(question.words.values()) or 1.0
        layers[1:4] /= question.total
        total = WORD * layers[0] + CHARACTER * layers[1] + MEANING * layers[2] + BODY * layers[3]
        best = np.argpartition(total, -size)[-size:] if n > size else np.arange(n)
        best = best[total[best] > 0]
        order = best[np.argsort(-total[best], kind="stable")]
        if always is not None and always not in order:
            order = np.append(order, always)
        values = layers[:, order].T.tolist()
        return [Found(int(i), *row) for i, row in zip(order, values, strict=True)]

    def _fill_meanings(self, layer: np.ndarray, question: Question) -> None:
        for meaning, weight in zip(question.meanings, question.meaning_weights, strict=True):
            for word in meaning.official:
                terms = self._official[word]
                whole = sum(w for _, w in terms) or 1.0
                for term, value in terms:
                    self.names.add(layer, term, weight * value / whole)
                    self.bodies.add(layer, term, 0.2 * weight * value / whole)


def _fill(postings: Postings, layer: np.ndarray, terms: dict[str, float], by: float = 1.0) -> None:
    for term, weight in terms.items():
        if weight > 0.25:
            postings.add(layer, term, weight * by)


class Cutter:
    """Cuts names and bodies into bags of words and characters, each text once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, Counter[str]] = {}
        self.seen: set[str] = set()

    def bag(self, texts: Iterable[str]) -> dict[str, float]:
        """term → weighted count; the first text (the title) counts in full."""
        bag: dict[str, float] = {}
        share = 1.0
        for text in texts:
            for term, count in self._count(text).items():
                bag[term] = min(bag.get(term, 0.0) + share * count, 3.0)
            share = OTHER_NAMES
        return bag

    def _count(self, text: str) -> Counter[str]:
        count = self._known.get(text)
        if count is None:
            words = self._tokenizer.words(text)
            self.seen.update(words)
            count = Counter([*words, *text.replace(" ", "")])
            if len(self._known) < 50_000:
                self._known[text] = count
        return count
