"""An entry's names prepared for close comparison: little more than its strings, so many fit."""

import re
from dataclasses import dataclass
from typing import Self

from knowledge.actions import actions_of_title, is_priced
from knowledge.documents import Document
from knowledge.weights import Weights

# Words of a title that only say that something is handled: 代理记账资格审批 is plainly 代理记账.
PROCESS = re.compile(
    "办事指南|办理指南|办理流程|资格审批|审批|许可|资格|认定|申请|申报|办理|登记|注册|缴纳|征收|"
    "收费标准|征收标准|收费|标准|工本费|事项|服务|设立|名录"
)
FULL_NAME = 27.0  # nats: a shorter name that fits entirely says less than a longer one
SHORT_NAME = 0.55


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
        return sum([1 << known[character] for character in characters if character in known])


@dataclass(frozen=True, slots=True)
class View:
    """A document as the matcher sees it."""

    document: Document
    title: str
    total: float  # weight of the title's characters, nats
    worth: float  # 0.55 to 1, grows with what the title says
    others: tuple[tuple[int, float], ...]  # bits of each other name, and its worth per bit
    joined: str
    actions: frozenset[str]
    priced: bool
    qualifier: str  # the characters of the title's bracket: what tells it from its sisters
    matter: str  # the title without its words of process

    @classmethod
    def of(cls, document: Document, weigh: Weights, bits: Bits) -> Self:
        title = document.names[0] if document.names else ""
        total = _total(title, weigh)
        return cls(
            document,
            title,
            total,
            _worth(total),
            tuple(_other(name, weigh, bits) for name in document.names[1:]),
            "|".join(document.names),
            actions_of_title(title),
            is_priced(title),
            _qualifier(title, document.bare),
            PROCESS.sub("", title).replace(" ", "") or title,
        )


def _total(name: str, weigh: Weights) -> float:
    return sum(map(weigh.__getitem__, set(name) - {" "})) or 1.0


def _worth(total: float) -> float:
    return min(1.0, SHORT_NAME + (1 - SHORT_NAME) * total / FULL_NAME)


def _other(text: str, weigh: Weights, bits: Bits) -> tuple[int, float]:
    mask = bits.learn(text)
    return mask, _worth(_total(text, weigh)) / max(mask.bit_count(), 1)


def _qualifier(title: str, bare: str) -> str:
    if not bare or bare == title:
        return ""
    plain = bare.split(" ")
    return "".join(dict.fromkeys(c for word in title.split(" ") if word not in plain for c in word))
