"""What one message asks: one slot of one matter, several slots, or several matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from knowledge.answered import Redirect
from knowledge.confidence import Coefficients, Ranked, topic_of
from knowledge.doors import Doors
from knowledge.index import Index
from knowledge.matters import clauses_of, joined_in, parts_of
from knowledge.question import NAMES_NOTHING, Question
from knowledge.text import without_fillers

SHOWN = 3
TWO_MATTERS = 0.5  # the second matter of a message is answered from this probability on


class Part(NamedTuple):
    """One of several matters of a message, read and found on its own."""

    question: Question
    ranked: list[Ranked]
    slot: str

    @property
    def sure(self) -> float:
        return self.ranked[0].probability


@dataclass(frozen=True, slots=True)
class Said:
    """What a message asks beside one slot of one matter; all empty for a plain one."""

    parts: tuple[Part, ...] = ()  # its matters that are ours, the surest first
    beside: tuple[tuple[str, Redirect], ...] = ()  # its words on another's matter, and whose it is
    slots: tuple[str, ...] = ()  # the several slots asked of one matter


class Finding(Protocol):
    """What reading several matters needs of the engine."""

    @property
    def index(self) -> Index: ...

    @property
    def doors(self) -> Doors: ...

    @property
    def coefficients(self) -> Coefficients: ...

    def rank(self, question: Question) -> list[Ranked]: ...

    def slot(self, question: Question, ranked: Sequence[Ranked]) -> str: ...

    def redirect(self, question: Question, ranked: Sequence[Ranked]) -> Redirect | None: ...


def said_in(
    question: Question,
    plain: str,
    slots: tuple[str, ...],
    ranked: list[Ranked],
    engine: Finding,
    today: date,
) -> Said:
    """The matters of the message, whose best hits then lead the hits, or its several slots.

    question, ranked: the whole message as one matter; slots: those asked of it.
    """
    one = Said(slots=slots if len(slots) > 1 else ())
    sure = engine.coefficients.answer_from
    parts, least = parts_of(plain, engine.index.called), TWO_MATTERS
    if not parts:
        parts, least = clauses_of(plain), sure
    parts = [part for part in parts if _names_something(part, question, engine)]
    if len(parts) < 2 or (ranked and joined_in("|".join(ranked[0].document.names), plain)):
        return one
    mine, beside = _each(parts, least, engine, today)
    if len(mine) + len(beside) < 2 or (len(mine) == 1 and mine[0].sure < sure):
        return one
    if mine:
        keys = [part.ranked[0].document.id for part in mine]
        others = [r for r in ranked if r.document.id not in keys]
        last = mine[-1].sure
        ranked[:] = [*(p.ranked[0] for p in mine), *(o for o in others if o.probability <= last)]
    return Said(tuple(mine), tuple(beside))


def _names_something(part: str, question: Question, engine: Finding) -> bool:
    """Whether a part of the question holds a word that some entry, list or door knows."""
    known = engine.index.names.frequency
    words = [u.text for u in question.units if len(u.text) > 1 and u.weight > NAMES_NOTHING]
    said = [word for word in words if word in part and known(word)]
    meant = [question.text[m.start : m.end] for m in question.meanings]
    return bool(said) or any(word in part for word in meant) or engine.doors.knows(part)


def _each(
    parts: Sequence[str], least: float, engine: Finding, today: date
) -> tuple[list[Part], list[tuple[str, Redirect]]]:
    """The parts of a message that are matters of ours, and those that are another's."""
    read = [engine.index.reader.read(without_fillers(part), today) for part in parts]
    telling = [question for question in read if question.content >= NAMES_NOTHING]
    mine: dict[str, Part] = {}
    beside: dict[str, tuple[str, Redirect]] = {}
    for left, question in zip(range(len(telling), 0, -1), telling, strict=True):
        if len(mine) + len(beside) + left < 2:  # no second matter can be found any more
            break
        own = engine.rank(question)
        redirect = engine.redirect(question, own)
        if redirect and not redirect.to_us:
            beside.setdefault(redirect.to, (question.text, redirect))
        elif own and own[0].probability >= least:
            best = own[0].document
            known = mine.get(topic_of(best))
            apart = known and known.ranked[0].document.id != best.id and least == TWO_MATTERS
            key = best.id if apart else topic_of(best)
            mine.setdefault(key, Part(question, own, engine.slot(question, own)))
    found = sorted(mine.values(), key=lambda part: -part.sure)
    return found[:SHOWN], list(beside.values())[:SHOWN]
