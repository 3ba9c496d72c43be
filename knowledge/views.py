"""An entry's names prepared for close comparison: characters, pairs, weights, actions."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from knowledge.actions import actions_of_title, is_priced
from knowledge.documents import Document

# Words of a title that only say that something is handled: 代理记账资格审批 is plainly 代理记账.
PROCESS = re.compile(
    "办事指南|办理指南|办理流程|资格审批|审批|许可|资格|认定|申请|申报|办理|登记|注册|缴纳|征收|"
    "收费标准|征收标准|收费|标准|工本费|事项|服务|设立|名录"
)
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


class Bits:
    """Characters as bits of one number, so that two sets are compared in one step."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def learn(self, text: str) -> int:
        """The number of a text; unknown characters get the next bits."""
        mask = 0
        for character in text:
            if character != " ":
                mask |= 1 << self._places.setdefault(character, len(self._places))
        return mask

    def of(self, characters: frozenset[str]) -> int:
        """The number of the known ones among some characters."""
        known = self._places
        return sum(1 << known[character] for character in characters if character in known)


@dataclass(frozen=True, slots=True)
class View:
    """A document as the matcher sees it."""

    document: Document
    title: Name
    others: tuple[tuple[int, float], ...]  # bits of each other name, and its worth per bit
    joined: str
    letters: frozenset[str]
    pairs: frozenset[str]
    actions: frozenset[str]
    priced: bool
    qualifier: frozenset[str]
    matter: frozenset[str]  # the characters of the title without its words of process

    @classmethod
    def of(cls, document: Document, weigh: Weigh, bits: Bits) -> Self:
        joined = "|".join(document.names)
        title = document.names[0] if document.names else ""
        return cls(
            document,
            Name.of(title, weigh),
            tuple(_other(name, weigh, bits) for name in document.names[1:]),
            joined,
            frozenset(joined),
            frozenset(a + b for a, b in pairwise(joined)),
            actions_of_title(title),
            is_priced(title),
            _qualifier(title, document.bare),
            frozenset(PROCESS.sub("", title)) - {" "} or frozenset(title),
        )


def _other(text: str, weigh: Weigh, bits: Bits) -> tuple[int, float]:
    mask = bits.learn(text)
    return mask, Name.of(text, weigh).worth / max(mask.bit_count(), 1)


def _qualifier(title: str, bare: str) -> frozenset[str]:
    """The characters of a title's bracket: what tells this variant from its sisters."""
    if not bare or bare == title:
        return frozenset()
    plain = bare.split(" ")
    return frozenset("".join(word for word in title.split(" ") if word not in plain))
