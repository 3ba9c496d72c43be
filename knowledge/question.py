"""A citizen's message, read: corrected, cut, weighed, with the everyday words it uses."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import compress
from operator import mul, not_
from typing import NamedTuple

from knowledge.lexicon import Lexicon, Meaning
from knowledge.numbers import Amount, amounts_of, as_of, time_in
from knowledge.postings import Postings
from knowledge.slots import asked, asking_in
from knowledge.sounds import Sounds
from knowledge.tokenizer import Tokenizer
from knowledge.weights import Weights

ASKING_WEIGHT = 0.12
NEGATED_WEIGHT = 0.45
NEGATED = re.compile(r"(?:不是|别说|除了|并非)(.{2,10}?)(?= |是|而是|的是|了|吗|咋|怎|$)")
AFTER_ALL = re.compile(r"(?:^| )那(?![么个种边会时些天年])(.{1,14}?)(?:呢|多少|怎|是|要|收|$)")
BEFORE_WEIGHT = 0.7
OLD_WEIGHT = 0.5
NAMES_NOTHING = 2.0  # nats of content below which a message only asks
COMMON_WORD_IDF = 7.6


class Unit(NamedTuple):
    """One word of the question at [start, end) and how much it says."""

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is what was read (normalised, corrected); weights are nats,
    asking words count little."""

    text: str
    slot: str
    units: tuple[Unit, ...]
    words: dict[str, float]
    characters: dict[str, float]
    meanings: tuple[Meaning, ...]
    meaning_weights: tuple[float, ...]
    corrected: frozenset[int]
    amounts: tuple[Amount, ...]
    as_of: date | None
    total: float  # weight of all characters
    content: float  # weight of the characters of this message that do more than ask

    @property
    def pairs(self) -> set[str]:
        return {a + b for a, b in zip(self.text, self.text[1:], strict=False) if " " not in a + b}


def is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


class Reader:
    """Reads messages against one index; holds no state of its own."""

    def __init__(
        self, tokenizer: Tokenizer, lexicon: Lexicon, sounds: Sounds, postings: Postings
    ) -> None:
        self._tokenizer = tokenizer
        self._lexicon = lexicon
        self._sounds = sounds
        self._postings = postings
        self.weights = Weights(tokenizer, postings)

    def read(self, plain: str, today: date, before: str = "") -> Question:
        """Everything the matcher wants to know of a message; plain: as text.plain_of gives it.

        `before`: the normalised question that this message goes on from; it counts less.
        """
        heard = self._sounds.from_latin(plain)
        spans = self._tokenizer.spans(heard)
        own, corrected = self._correct(heard, spans)
        mine = asked(own)
        text = f"{before} {own}" if before else own
        then = as_of(text, today)
        factors = self._factors(text, asking_in(text) if before else mine.asking)
        for i in range(*time_in(text)) if then else ():
            factors[i] *= ASKING_WEIGHT
        for i in range(len(before)):
            factors[i] *= OLD_WEIGHT
        if text != heard:
            spans = self._tokenizer.spans(text)
        borders = frozenset([edge for _, start, end in spans for edge in (start, end)])
        meanings = tuple(self._lexicon.meanings(text, borders))
        weigh = self.weights
        weights = [weigh[c] if c != " " else 0.0 for c in text]
        by_position = list(map(mul, weights, factors))
        characters: dict[str, float] = {}
        for character, weight in zip(text, by_position, strict=True):
            if weight > characters.get(character, 0.0):
                characters[character] = weight
        content = sum(compress(weights[len(text) - len(own) :], map(not_, mine.asking)))
        return Question(
            text=text,
            slot=mine.slot,
            units=tuple(
                [Unit(w, start, end, sum(by_position[start:end])) for w, start, end in spans]
            ),
            words=self._words(spans, factors),
            characters=characters,
            meanings=meanings,
            meaning_weights=tuple(max(sum(by_position[m.start : m.end]), 2.0) for m in meanings),
            corrected=corrected,
            amounts=amounts_of(own) or (amounts_of(before) if content < NAMES_NOTHING else ()),
            as_of=then,
            total=sum(by_position) or 1.0,
            content=content,
        )

    def _correct(self, text: str, spans: list[tuple[str, int, int]]) -> tuple[str, frozenset[int]]:
        """Misheard characters put right; those inside words that make sense stay as they are."""
        if not self._sounds.doubtful(text):
            return text, frozenset()
        firm = {i for i, mark in enumerate(asking_in(text)) if mark}
        for word, start, end in spans:
            known = len(word) > 1 and self._tokenizer.knows(word)
            if not is_han(word[0]) or (known and (len(word) > 2 or self._makes_sense(word))):
                firm.update(range(start, end))
        return self._sounds.correct(text, firm)

    def _makes_sense(self, word: str) -> bool:
        """A two-character word is doubted only when it is rare and no entry has it."""
        return (
            self._postings.frequency(word) > 0
            or self._tokenizer.background_idf(word) < COMMON_WORD_IDF
        )

    def _factors(self, text: str, asking: bytes) -> list[float]:
        factors = [ASKING_WEIGHT if mark else 1.0 for mark in asking]
        for match in NEGATED.finditer(text):
            for i in range(match.start(1), match.end(1)):
                factors[i] *= NEGATED_WEIGHT
        last = AFTER_ALL.search(text)
        for i in range(last.start() if last else 0):
            factors[i] *= BEFORE_WEIGHT
        return factors

    def _words(self, spans: list[tuple[str, int, int]], factors: list[float]) -> dict[str, float]:
        words: dict[str, float] = {}
        weigh = self.weights
        for word, start, end in self._tokenizer.inner(spans):
            weight = weigh[word] * sum(factors[start:end]) / (end - start)
            if weight > words.get(word, 0.0):
                words[word] = weight
        return words
