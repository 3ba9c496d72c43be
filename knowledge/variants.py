"""Sisters: entries of one bare name that differ in their brackets only (住宅类, 非住宅类)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from knowledge.documents import Document
from knowledge.matching import valid_on
from knowledge.question import Question
from knowledge.text import normalise

SPEAKS = 1.5  # nats from which a word or character of a question tells sisters apart
MOST = 12  # more sisters are asked about, not listed

Families = Mapping[tuple[str, str, str], tuple[Document, ...]]


def families(documents: Iterable[Document]) -> Families:
    """(kind, place, bare name) → the entries with a bracket that share it, two at least."""
    found: dict[tuple[str, str, str], list[Document]] = defaultdict(list)
    for document in documents:
        if document.bare and normalise(document.title) != document.bare:
            found[_family(document)].append(document)
    return {key: tuple(members) for key, members in found.items() if len(members) > 1}


def _family(document: Document) -> tuple[str, str, str]:
    return document.kind, document.place, document.bare


def family_of(best: Document, known: Families) -> tuple[Document, ...]:
    """All entries of the best one's bare name; empty when it stands alone."""
    return known.get(_family(best), ())


def sisters(
    question: Question, best: Document, known: Families, today: date
) -> tuple[Document, ...]:
    """All sisters of the best entry, itself among them, when the question means none of them.

    Empty when there are none, too many, or when a word or an amount of the question tells them
    apart.
    """
    day = question.as_of or today
    members = [
        d
        for d in known.get(_family(best), ())
        if (valid_on(d, day) and (question.as_of or not d.superseded)) or d.id == best.id
    ]
    if not 2 <= len(members) <= MOST or best not in members:
        return ()
    return () if _told_apart(question, members) else tuple(members)


def _told_apart(question: Question, members: list[Document]) -> bool:
    names = ["|".join(member.names) for member in members]
    words = [unit.text for unit in question.units if unit.weight > SPEAKS]
    words += [word for meaning in question.meanings for word in meaning.official]
    words += [c for c, weight in question.characters.items() if weight > SPEAKS]
    if any(0 < sum(word in name for name in names) < len(names) for word in words):
        return True
    brackets = [set(normalise(m.title)) - set(m.bare) for m in members]
    heard = {c for c, weight in question.characters.items() if weight > SPEAKS}
    return any(bracket & heard for bracket in brackets) or any(
        span.unit == amount.unit
        for amount in question.amounts
        for member in members
        for span in member.spans
    )
