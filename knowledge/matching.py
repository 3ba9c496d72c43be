"""A close look at the candidates: how well a question and an entry's names cover each other.

All candidates are looked at side by side, a feature at a time: a feature is a column of numbers.
"""

from collections.abc import Sequence
from datetime import date
from itertools import compress
from operator import mul
from typing import NamedTuple

from knowledge.asked import Asked, shares_of, words_of
from knowledge.documents import Document
from knowledge.index import Found, Index
from knowledge.models import Kind
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
OFFICE_SLOTS = {"fee": -0.9, "fund": -0.5, "guide": 0.9, "faq": 0.0}


FAQ = Kind.FAQ.value
LAYERS = FEATURES[:4]
MATCHED = 0.6  # the share from which a word of the question counts as covered

Columns = dict[str, Sequence[float]]


class Match(NamedTuple):
    """One candidate with its features, in the order of FEATURES."""

    document: Document
    features: tuple[float, ...]


class Matcher:
    """Looks closely at candidates of one index."""

    def __init__(self, index: Index) -> None:
        self._weights, self._places = index.reader.weights, index.place
        self._bits = Bits()
        self._views = [View.of(d, self._weights, self._bits) for d in index.documents]

    def look(self, question: Question, found: Found) -> list[Match]:
        """Matches for the candidates, in their order."""
        views = [self._views[position] for position in found.positions]
        layers = found.layers
        if question.as_of:
            kept = _of_that_time([view.document for view in views], question.as_of)
            views, layers = list(compress(views, kept)), list(compress(layers, kept))
        if not views:
            return []
        asked = Asked.of(question, self._weights, self._bits)
        none = [0.0] * len(views)
        columns: Columns = {
            **dict(zip(LAYERS, zip(*layers, strict=True), strict=True)),
            **_covering(asked, [view.joined for view in views]),
            **_naming(asked, views),
            **_fitting(question, asked.places, views),
            **_acting(question.slot, asked.actions, views),
            "contained": [_contained(question, view) for view in views],
            "plain": [_plain(question, asked.heard, view) for view in views],
        }
        columns["both"] = list(map(mul, columns["covered"], columns["named"]))
        rows = zip(*[columns.get(name, none) for name in FEATURES], strict=True)
        return [Match(view.document, row) for view, row in zip(views, rows, strict=True)]

    def words(self, question: Question, document: Document) -> tuple[str, ...]:
        """The words of the question that an entry covers: why it was found."""
        words, names = words_of(question), self._views[self._places[document.id]].joined
        pairs = zip(words, shares_of(words, [names]), strict=True)
        return tuple(word.text for word, (share,) in pairs if share >= MATCHED)


def _of_that_time(documents: Sequence[Document], day: date) -> list[bool]:
    """Which candidates stay: all of that time, others where their matter has none of that time."""
    valid = [valid_on(document, day) for document in documents]
    known = {document.bare for document in compress(documents, valid)}
    return [fits or d.bare not in known for d, fits in zip(documents, valid, strict=True)]


def _covering(asked: Asked, names: Sequence[str]) -> Columns:
    """What the names cover of the question's words and pairs, and the heaviest word left out."""
    whole = sum([word.weight for word in asked.words]) or 1.0
    said = 1.0 if asked.words else 0.0
    gaps = [[0.0] * len(names)]  # what each word leaves uncovered
    for word, shares in zip(asked.words, shares_of(asked.words, names), strict=True):
        weight = word.weight / whole
        gaps.append([weight * (1 - share) for share in shares])
    total = sum([weight for _, weight in asked.pairs]) or 1.0
    return {
        "covered": [said - sum(gap) for gap in zip(*gaps, strict=True)],
        "left_out": list(map(max, zip(*gaps, strict=True))),
        "pairs": [sum([w for pair, w in asked.pairs if pair in name]) / total for name in names],
    }


def _naming(asked: Asked, views: Sequence[View]) -> Columns:
    """How much of the title, of its bracket and of the best name the question says."""
    letters, bits, heard = asked.letters, asked.bits, asked.heard
    titles = [sum([w for c, w in letters if c in view.title]) / view.total for view in views]
    pairs = list(zip(views, titles, strict=True))
    return {
        "title_named": titles,
        "named": [
            max([share * view.worth, *[(bits & name).bit_count() * w for name, w in view.others]])
            for view, share in pairs
        ],
        "extra": [min(view.total * (1 - share) / 60.0, 1.5) for view, share in pairs],
        "qualified": [
            len(heard.intersection(view.qualifier)) / len(view.qualifier) if view.qualifier else 0.5
            for view in views
        ],
    }


def _fitting(question: Question, places: frozenset[str], views: Sequence[View]) -> Columns:
    """Whether kind, band, place and time are those that are asked about."""
    fits, day = SLOT_FIT.get(question.slot, OFFICE_SLOTS), question.as_of
    documents = [view.document for view in views]
    return {
        "slot_fits": [fits.get(view.document.kind, 0.0) for view in views],
        "ours": [0.0 if d.ours or d.place in places else -1.0 for d in documents],
        "place": [1.0 if d.place and d.place in places else 0.0 for d in documents],
        "in_force": [_in_force(day, document) for document in documents],
        **({"band": [_band(question, d) for d in documents]} if question.amounts else {}),
    }


def _acting(slot: str, asked: frozenset[str], views: Sequence[View]) -> Columns:
    """Whether the title names the action asked, or another; whether it is about money."""
    if slot == "general":
        priced = [-0.3 if view.priced else 0.0 for view in views]
    else:  # FAQ titles carry their slot in words; kinds of catalogues say it by themselves
        costs = slot == "fee"
        priced = [
            0.0 if view.document.kind != FAQ else 1.0 if view.priced == costs else -1.0
            for view in views
        ]
    if not asked:
        return {"priced": priced, "other_action": [0.3 if view.actions else 0.0 for view in views]}
    shared = [len(asked & view.actions) / len(asked) for view in views]
    other = [1.0 if v.actions and not s else 0.0 for v, s in zip(views, shared, strict=True)]
    return {"priced": priced, "action": shared, "other_action": other}


def _contained(question: Question, view: View) -> float:
    """The weight of the title, or of its bare form, where it stands in the question as it is."""
    title, bare = view.title, view.document.bare
    if title in question.text:
        return min(view.total / question.total, 1.5)
    if bare and bare in question.text:
        return min(view.total * len(bare) / len(title) / question.total, 1.5)
    return 0.0


def _plain(question: Question, heard: frozenset[str], view: View) -> float:
    """1 when the question says the bare matter itself, half when only in other words."""
    if heard.issuperset(view.matter):
        return 1.0 if question.characters.keys() >= set(view.matter) else 0.5
    return 0.0


def _band(question: Question, document: Document) -> float:
    best = 0.0
    for amount in question.amounts:
        for span in document.spans:
            if span.unit == amount.unit:
                if span.holds(amount.value):
                    return 1.0
                best = -1.0
    return best


def valid_on(document: Document, day: date) -> bool:
    """False when the entry names a time of validity and the day is outside it."""
    begins, ends = document.valid_from, document.valid_to
    return not ((begins and begins > day) or (ends and ends < day))


def _in_force(day: date | None, document: Document) -> float:
    if day is None:
        return -2.0 if document.superseded else 0.0
    if not valid_on(document, day):
        return -1.0 if document.valid_to and document.valid_to < day else -0.4
    if document.superseded and document.valid_to:
        return 1.0
    return 1.0 if document.valid_from and document.valid_to else 0.0
