"""The index: postings for a first look, names for a close one. Built aside, never changed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from knowledge.cutting import Cutter
from knowledge.documents import Document
from knowledge.lexicon import Lexicon
from knowledge.postings import Layers, Postings, highest
from knowledge.question import Question, Reader
from knowledge.sounds import Sounds
from knowledge.tokenizer import Tokenizer

SHARES = (0.4, 1.0, 0.35, 0.12)  # words, characters, meanings, body: found by search
WORDS, CHARACTERS, MEANINGS, BODY = range(4)
FIRST_LOOK = 16
QUIET = 0.7  # nats: lighter terms only ask
MOST_WORDS, MOST_CHARACTERS = 24, 32
SHORT_NAME, SHORTEST_END = 8, 3  # characters of what people call a matter in passing


class Found(NamedTuple):
    """The candidates of the first look, best first, and what each layer gave them."""

    positions: list[int]
    layers: list[tuple[float, ...]]  # for each candidate, in the order of SHARES, 0 to about 1


class Index:
    """Documents and everything needed to find them by a question."""

    def __init__(
        self, documents: Sequence[Document], tokenizer: Tokenizer, lexicon: Lexicon
    ) -> None:
        self.documents = tuple(documents)
        self.tokenizer = tokenizer
        self.lexicon = lexicon
        cut = Cutter(tokenizer)
        self.names = Postings.build(cut.names(d.names) for d in self.documents)
        self.bodies = Postings.build(cut.body(d.body) for d in self.documents)
        official = sorted(lexicon.words())  # in one order, so that every process reads alike
        self.sounds = Sounds(
            [*cut.seen, *(w for w in official if len(w) > 1)],
            [*official, *(name for d in self.documents for name in d.names)],
            tokenizer.characters,
        )
        self.reader = Reader(tokenizer, lexicon, self.sounds, self.names)
        self.place = {d.id: i for i, d in enumerate(self.documents)}
        self.called = _called(name for d in self.documents for name in d.names)
        self._official = {word: self._terms(word) for word in official}

    def _terms(self, official: str) -> list[tuple[str, float]]:
        """The terms of an official word, each with its share of the word's weight."""
        weigh = self.reader.weights
        weights = [(term, weigh[term]) for term in (*self.tokenizer.words(official), *official)]
        whole = sum(weight for _, weight in weights) or 1.0
        return [(term, weight / whole) for term, weight in weights]

    def first_look(
        self, question: Question, size: int = FIRST_LOOK, always: int | None = None
    ) -> Found:
        """The best candidates by words, characters, meanings and body text, best first.

        always: the position of a document that is looked at whatever its score.
        """
        layers = self._layers(question).scores()
        total = layers[0] + layers[1]
        total += layers[2]
        total += layers[3]
        order = highest(total, size)
        if always is not None and always not in order:
            order = np.append(order, always)
        pairs = zip(layers, SHARES, strict=True)
        given = [(scores[order] / share).tolist() for scores, share in pairs]
        return Found(order.tolist(), list(zip(*given, strict=True)))

    def _layers(self, question: Question) -> Layers:
        """What of the question is looked up where, in the order of SHARES."""
        names, total = self.names, question.total
        layers = Layers(len(self.documents), SHARES)
        words = _telling(question.words, MOST_WORDS)
        layers.add(WORDS, names, words, of=sum(question.words.values()) or 1.0)
        layers.add(CHARACTERS, names, _telling(question.characters, MOST_CHARACTERS), of=total)
        for meaning, weight in zip(question.meanings, question.meaning_weights, strict=True):
            for word in meaning.official:
                terms = [(term, weight * share) for term, share in self._official[word]]
                layers.add(MEANINGS, names, terms, of=total)
        layers.add(BODY, self.bodies, words, of=total)
        return layers


def _called(names: Iterable[str]) -> frozenset[str]:
    """The short names, and their ends: 居民身份证 is called 身份证."""
    short = {name for name in names if 1 < len(name) <= SHORT_NAME}
    ends = (name[i:] for name in short for i in range(1, len(name) - SHORTEST_END + 1))
    return frozenset(short.union(ends))


def _telling(terms: dict[str, float], most: int) -> list[tuple[str, float]]:
    """The terms that say something, the heaviest where there are too many."""
    telling = [item for item in terms.items() if item[1] > QUIET]
    if len(telling) > most:
        telling.sort(key=lambda item: -item[1])
    return telling[:most]
