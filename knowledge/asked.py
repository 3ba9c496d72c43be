"""What of a question every candidate is compared with, prepared once for all of them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

from knowledge.actions import actions_of_question
from knowledge.places import places_in
from knowledge.question import Question
from knowledge.views import Bits
from knowledge.weights import Weights

HEARD = 0.25  # nats: lighter characters only ask
TELLING_PAIR = 1.0  # nats that both characters of a pair must have
PARTLY = 0.7  # of a word whose characters stand apart in the names
MEANT, MEANT_WHOLLY = 0.75, 0.2  # an official word for an everyday one stands there; all of them


class Word(NamedTuple):
    """A word of the question: what it weighs, and the official words it may stand for."""

    text: str
    weight: float
    letters: frozenset[str]
    meanings: Sequence[tuple[str, ...]]


class Asked(NamedTuple):
    """The question's words, pairs of characters and characters, with what each weighs."""

    words: Sequence[Word]
    pairs: Sequence[tuple[str, float]]
    heard: frozenset[str]  # its characters and those of the official words it may mean
    letters: Sequence[tuple[str, float]]  # the same with what each weighs in a name
    bits: int  # the same as bits
    places: frozenset[str]
    actions: frozenset[str]

    @classmethod
    def of(cls, question: Question, weights: Weights, bits: Bits) -> Self:
        loud = {c for c, weight in question.characters.items() if weight > HEARD}
        official = [word for meaning in question.meanings for word in meaning.official]
        heard = frozenset(loud.union(*official))
        return cls(
            words_of(question),
            _pairs(question),
            heard,
            [(c, weights[c]) for c in heard],
            bits.of(heard),
            places_in(question.text),
            actions_of_question(question.text),
        )


def shares_of(words: Sequence[Word], names: Sequence[str]) -> Iterator[list[float]]:
    """For each word how far it, its characters or an official word for it stand in each name."""
    meant = {m: _meant(m, names) for word in words for m in word.meanings}
    bits = {c: 1 << i for i, c in enumerate({c for word in words for c in word.letters})}
    standing = [sum([bit for c, bit in bits.items() if c in name]) for name in names]
    pairs = list(zip(names, standing, strict=True))
    for text, _, letters, meanings in words:
        part = PARTLY / len(letters) if len(letters) > 1 else 0.0
        mask = sum([bits[c] for c in letters])
        shares = [
            1.0 if mask & has == mask and text in name else part * (mask & has).bit_count()
            for name, has in pairs
        ]
        for official in meanings:
            shares = list(map(max, shares, meant[official]))
        yield shares


def _meant(official: tuple[str, ...], names: Sequence[str]) -> list[float]:
    """How far official words for an everyday one stand in each name."""
    most = len(official)
    worth = [0.0, *(MEANT + MEANT_WHOLLY * hits / most for hits in range(1, most + 1))]
    return [worth[len([word for word in official if word in name])] for name in names]


def words_of(question: Question) -> list[Word]:
    """The words that do more than ask."""
    meanings = question.meanings
    return [
        Word(
            unit.text,
            unit.weight,
            frozenset(unit.text),
            [m.official for m in meanings if m.start < unit.end and unit.start < m.end],
        )
        for unit in question.units
        if unit.weight > HEARD
    ]


def _pairs(question: Question) -> list[tuple[str, float]]:
    """Pairs of characters that both say something, with the smaller weight of the two."""
    weigh = question.characters.get
    pairs = {}
    for a, b in pairwise(question.text):
        weight = min(weigh(a, 0.0), weigh(b, 0.0))
        if weight > TELLING_PAIR:
            pairs[a + b] = weight
    return list(pairs.items())
