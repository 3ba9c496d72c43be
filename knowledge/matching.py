"""A close look at the candidates: how well a question and an entry's names cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from knowledge.actions import actions_of_question
from knowledge.documents import Document
from knowledge.index import Found, Index
from knowledge.places import places_in
from knowledge.question import Question
from knowledge.views import Bits, View

FEATURES = (
    "words",  # first look, words of the names
    "characters",  # first look, characters of the names
    "meanings",  # first look, official words for everyday ones
    "body",  # first look, the rest of the entry
    "covered",  # share of the question that one of the entry's words covers
    "named",  # share of the best name that stands in the question
    "title_named",  # the same for the title alone
    "both",  # covered × named
    "pairs",  # share of the question's character pairs found in the names
    "contained",  # weight of the title, where it stands in the question as it is
    "left_out",  # weight of the heaviest word not covered
    "slot_fits",  # the kind answers such questions
    "band",  # an amount in the question falls into the entry's band (1), outside (-1)
    "ours",  # 0 ours; -1 another place's
    "in_force",  # 0 in force; -1 no longer, unless the question is about that time
    "qualified",  # share of the title's bracket that the question asks for
    "place",  # 1 the place is named in the question
    "extra",  # weight of title words that the question does not have
    "action",  # share of the asked actions (补办, 变更 …) that the title names
    "other_action",  # the title names an action, but none of those asked
    "priced",  # 1 both about money, -1 only one of them
    "plain",  # the title is the matter asked, with nothing more than words of process
)
SLOT_FIT = {
    "fee": {"fee": 1.0, "fund": 0.8, "guide": -0.4, "faq": 0.0},
    "basis": {"fee": 0.3, "fund": 0.4, "guide": 0.0, "faq": 0.0},
    "period": {"fee": -0.5, "fund": 0.3, "guide": 0.3, "faq": 0.0},
    "eligibility": {"fee": -0.4, "fund": 0.2, "guide": 0.4, "faq": 0.0},
    "general": {"fee": 0.0, "fund": 0.1, "guide": 0.1, "faq": 0.0},
}
HEARD = 0.25  # nats: lighter characters only ask
OFFICE_SLOTS = {"fee": -0.9, "fund": -0.5, "guide": 0.9, "faq": 0.0}


@dataclass(frozen=True, slots=True)
class Match:
    """One candidate with its features, in the order of FEATURES, and the words that matched."""

    document: Document
    features: tuple[float, ...]
    words: tuple[str, ...]


class Matcher:
    """Looks closely at candidates of one index."""

    def __init__(self, index: Index) -> None:
        weigh = index.reader.weight
        self._bits = Bits()
        self._views = [View.of(document, weigh, self._bits) for document in index.documents]

    def look(self, question: Question, found: Sequence[Found]) -> list[Match]:
        """Matches for the candidates, in their order."""
        asked = _Asked.of(question, self._bits)
        views = self._views
        if question.as_of:
            found = self._of_that_time(found, question.as_of)
        return [_match(question, asked, f, views[f.position]) for f in found]

    def _of_that_time(self, found: Sequence[Found], day: date) -> list[Found]:
        """The candidates without those of another time, where their matter has one of that time."""
        documents = [self._views[f.position].document for f in found]
        valid = [valid_on(document, day) for document in documents]
        known = {d.bare for d, fits in zip(documents, valid, strict=True) if fits}
        together = zip(found, documents, valid, strict=True)
        return [f for f, d, fits in together if fits or d.bare not in known]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a question every candidate is compared with."""

    heard: frozenset[str]  # its characters and those of the official words it may mean
    bits: int  # the same as bits
    pairs: dict[str, float]
    pairs_total: float
    units: tuple[tuple[str, float, frozenset[str], tuple[tuple[str, ...], ...]], ...]
    units_total: float
    places: frozenset[str]
    actions: frozenset[str]

    @classmethod
    def of(cls, question: Question, bits: Bits) -> "_Asked":
        heard = {c for c, w in question.characters.items() if w > HEARD}
        heard.update(c for m in question.meanings for word in m.official for c in word)
        text, weigh = question.text, question.characters
        pairs = {}
        for a, b in pairwise(text):
            weight = min(weigh.get(a, 0.0), weigh.get(b, 0.0))
            if weight > 1.0:
                pairs[a + b] = weight
        units = tuple(
            (
                unit.text,
                unit.weight,
                frozenset(unit.text),
                tuple(
                    m.official
                    for m in question.meanings
                    if m.start < unit.end and unit.start < m.end
                ),
            )
            for unit in question.units
            if unit.weight > HEARD
        )
        characters = frozenset(heard)
        return cls(
            characters,
            bits.of(characters),
            pairs,
            sum(pairs.values()) or 1.0,
            units,
            sum(unit[1] for unit in units) or 1.0,
            places_in(text),
            actions_of_question(text),
        )


def _match(question: Question, asked: _Asked, found: Found, view: View) -> Match:
    document = view.document
    covered, left_out, words = _cover(asked, view)
    title = view.title.share(asked.heard)
    named, bits = title * view.title.worth, asked.bits
    for mask, worth in view.others:
        share = (mask & bits).bit_count() * worth
        if share > named:
            named = share
    shared = sum(map(asked.pairs.__getitem__, asked.pairs.keys() & view.pairs))
    here = document.place in asked.places
    features = (
        found.words,
        found.characters,
        found.meanings,
        found.body,
        covered,
        named,
        title,
        covered * named,
        shared / asked.pairs_total,
        _contained(question, view),
        left_out,
        _slot_fit(question, document),
        _band(question, document),
        0.0 if document.ours or here else -1.0,
        _in_force(question, document),
        len(view.qualifier & asked.heard) / len(view.qualifier) if view.qualifier else 0.5,
        1.0 if document.place and here else 0.0,
        min(view.title.total * (1 - title) / 60.0, 1.5),
        *_actions(asked.actions, view.actions),
        _priced(question, view),
        _plain(question, asked, view),
    )
    return Match(document, features, words)


def _cover(asked: _Asked, view: View) -> tuple[float, float, tuple[str, ...]]:
    """Share of the question covered, the heaviest word left out, and the words covered."""
    joined, letters = view.joined, view.letters
    hidden = heaviest = 0.0
    words = []
    for text, weight, own, meanings in asked.units:
        if text in joined:
            share = 1.0
        else:
            share = 0.7 * len(own & letters) / len(own) if len(own) > 1 else 0.0
            if meanings:
                share = max(share, _meant(meanings, joined))
        hidden += weight * share
        if share >= 0.6:
            words.append(text)
        heaviest = max(heaviest, weight * (1 - share))
    return hidden / asked.units_total, heaviest / asked.units_total, tuple(words)


def _meant(meanings: tuple[tuple[str, ...], ...], joined: str) -> float:
    """How far an official word for an everyday one stands in the names."""
    best = 0.0
    for official in meanings:
        hit = sum(1 for word in official if word in joined)
        if hit:
            best = max(best, 0.75 + 0.2 * hit / len(official))
    return best


def _contained(question: Question, view: View) -> float:
    """The weight of the title, or of its bare form, where it stands in the question as it is."""
    whole = view.title
    if whole.text in question.text:
        return min(whole.total / question.total, 1.5)
    bare = view.document.bare
    if bare and bare in question.text:
        return min(whole.total * len(bare) / len(whole.text) / question.total, 1.5)
    return 0.0


def _priced(question: Question, view: View) -> float:
    """FAQ titles carry their slot in words; kinds of catalogues say it by themselves."""
    if view.document.kind != "faq" or question.slot == "general":
        return -0.3 if view.priced and question.slot == "general" else 0.0
    return 1.0 if view.priced == (question.slot == "fee") else -1.0


def _slot_fit(question: Question, document: Document) -> float:
    return SLOT_FIT.get(question.slot, OFFICE_SLOTS).get(document.kind, 0.0)


def _band(question: Question, document: Document) -> float:
    best = 0.0
    for amount in question.amounts:
        for span in document.spans:
            if span.unit == amount.unit:
                if span.holds(amount.value):
                    return 1.0
                best = -1.0
    return best


def _actions(asked: frozenset[str], named: frozenset[str]) -> tuple[float, float]:
    if not asked:
        return 0.0, 0.3 if named else 0.0
    shared = len(asked & named) / len(asked)
    return shared, 1.0 if named and not shared else 0.0


def _plain(question: Question, asked: _Asked, view: View) -> float:
    """1 when the question says the bare matter itself, half when only in other words."""
    if view.matter <= asked.heard:
        return 1.0 if view.matter <= question.characters.keys() else 0.5
    return 0.0


def valid_on(document: Document, day: date) -> bool:
    """False when the entry names a time of validity and the day is outside it."""
    begins, ends = document.valid_from, document.valid_to
    return not ((begins and begins > day) or (ends and ends < day))


def _in_force(question: Question, document: Document) -> float:
    day = question.as_of
    if day is None:
        return -2.0 if document.superseded else 0.0
    if not valid_on(document, day):
        return -1.0 if document.valid_to and document.valid_to < day else -0.4
    if document.superseded and document.valid_to:
        return 1.0
    return 1.0 if document.valid_from and document.valid_to else 0.0
