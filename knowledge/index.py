"""The index: postings for a first look, names for a close one. Built aside, never changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Document
from knowledge.lexicon import Lexicon
from knowledge.postings import Postings, Tally
from knowledge.question import Question, Reader
from knowledge.sounds import Sounds
from knowledge.tokenizer import Tokenizer

WORD, CHARACTER, MEANING, BODY = 0.4, 1.0, 0.35, 0.12  # found by search; chars beat words
SHARES = np.array([WORD, CHARACTER, MEANING, BODY])
FIRST_LOOK = 16
NEAR = (0.6, 0.4)  # a candidate with less than this share of the best is none
QUIET = 0.7  # nats: lighter terms only ask
MOST_WORDS, MOST_CHARACTERS = 24, 32
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
        layers = self._tally(question).sums()
        layers[0] /= sum(question.words.values()) or 1.0
        layers[1:4] /= question.total
        total = SHARES @ layers
        order = _best(total, size)
        if always is not None and always not in order:
            order = np.append(order, always)
        values = layers[:, order].T.tolist()
        return [Found(i, *row) for i, row in zip(order.tolist(), values, strict=True)]

    def _tally(self, question: Question) -> Tally:
        tally = Tally(len(self.documents), 4)
        for term, weight in _telling(question.words, MOST_WORDS):
            tally.add(0, self.names, term, weight)
            tally.add(3, self.bodies, term, weight)
        for term, weight in _telling(question.characters, MOST_CHARACTERS):
            tally.add(1, self.names, term, weight)
        for meaning, weight in zip(question.meanings, question.meaning_weights, strict=True):
            for word in meaning.official:
                terms = self._official[word]
                whole = sum(w for _, w in terms) or 1.0
                for term, value in terms:
                    tally.add(2, self.names, term, weight * value / whole)
        return tally


def _telling(terms: dict[str, float], most: int) -> list[tuple[str, float]]:
    """The terms that say something, the heaviest where there are too many."""
    telling = [item for item in terms.items() if item[1] > QUIET]
    if len(telling) > most:
        telling.sort(key=lambda item: -item[1])
    return telling[:most]


def _best(total: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Positions of the highest scores, best first; a cut at a share of the best spares sorting."""
    top = float(total.max())
    if top <= 0:
        return np.zeros(0, np.int64)
    for share in NEAR:
        near = np.flatnonzero(total > top * share)
        if len(near) >= size:
            break
    return near[np.argsort(-total[near], kind="stable")[:size]]


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
