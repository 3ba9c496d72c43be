"""An entry's names prepared for close comparison: characters, pairs, weights, actions."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from knowledge.actions import actions_of_title, is_priced
from knowledge.documents import Document

Weigh = Callable[[str], float]
FULL_NAME = 27.0  # nats: a shorter name that fits entirely says less than a longer one
SHORT_NAME = 0.55


@dataclass(frozen=True, slots=True)
class Name:
    """One name with the weights of its characters; `worth` 0.55–1 grows with what it says."""

    text: str
    keys: frozenset[str]
    weights: dict[str, float]
    total: float
    worth: float

    @classmethod
    def of(cls, text: str, weigh: Weigh) -> Self:
        weights = {c: weigh(c) for c in text if c != " "}
        total = sum(weights.values()) or 1.0
        worth = min(1.0, SHORT_NAME + (1 - SHORT_NAME) * total / FULL_NAME)
        return cls(text, frozenset(weights), weights, total, worth)

    def share(self, heard: frozenset[str]) -> float:
        """The share of the name, by weight, that was heard."""
        return sum(map(self.weights.__getitem__, self.keys & heard)) / self.total


@dataclass(frozen=True, slots=True)
class View:
    """A document as the matcher sees it."""

    document: Document
    names: tuple[Name, ...]
    joined: str
    letters: frozenset[str]
    pairs: frozenset[str]
    actions: frozenset[str]
    priced: bool
    qualifier: frozenset[str]

    @classmethod
    def of(cls, document: Document, weigh: Weigh) -> Self:
        joined = "|".join(document.names)
        title = document.names[0] if document.names else ""
        return cls(
            document,
            tuple(Name.of(name, weigh) for name in document.names or ("",)),
            joined,
            frozenset(joined),
            frozenset(a + b for a, b in pairwise(joined)),
            actions_of_title(title),
            is_priced(title),
            _qualifier(title, document.bare),
        )


def _qualifier(title: str, bare: str) -> frozenset[str]:
    """The characters of a title's bracket: what tells this variant from its sisters."""
    if not bare or bare == title:
        return frozenset()
    plain = bare.split(" ")
    return frozenset("".join(word for word in title.split(" ") if word not in plain))
