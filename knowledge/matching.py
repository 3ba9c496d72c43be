"""A close look at the candidates: how well a question and an entry's names cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.actions import actions_of_question, actions_of_title, is_priced
from knowledge.documents import Document
from knowledge.index import Found, Index
from knowledge.places import places_in
from knowledge.question import Question, Unit

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
)
SLOT_FIT = {
    "fee": {"fee": 1.0, "fund": 0.8, "guide": -0.4, "faq": 0.0},
    "basis": {"fee": 0.3, "fund": 0.4, "guide": 0.0, "faq": 0.0},
    "period": {"fee": -0.5, "fund": 0.3, "guide": 0.3, "faq": 0.0},
    "eligibility": {"fee": -0.4, "fund": 0.2, "guide": 0.4, "faq": 0.0},
    "general": {"fee": 0.0, "fund": 0.1, "guide": 0.1, "faq": 0.0},
}
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
        self._index = index
        weight = index.reader.weight
        self._names = [
            [_Name.of(name, weight) for name in document.names] for document in index.documents
        ]
        self._joined = ["|".join(document.names) for document in index.documents]
        self._letters = [frozenset(joined) for joined in self._joined]
        self._pairs = [
            frozenset(a + b for a, b in zip(joined, joined[1:], strict=False))
            for joined in self._joined
        ]
        self._actions = [actions_of_title(document.names[0]) for document in index.documents]
        self._prices = [is_priced(document.names[0]) for document in index.documents]
        self._qualifiers = [_qualifier(document) for document in index.documents]

    def look(self, question: Question, found: Sequence[Found]) -> list[Match]:
        """Matches for the candidates, in their order."""
        asked = _Asked.of(question, self._index)
        return [self._match(question, asked, candidate) for candidate in found]

    def _match(self, question: Question, asked: "_Asked", found: Found) -> Match:
        i = found.position
        document = self._index.documents[i]
        covered, left_out, words = self._cover(question, asked, i)
        name, title, contained = self._best_name(question, asked, i)
        pairs = self._pairs[i]
        shared = sum(w for pair, w in asked.pairs.items() if pair in pairs)
        qualifier = self._qualifiers[i]
        features = (
            found.words,
            found.characters,
            found.meanings,
            found.body,
            covered,
            name,
            title,
            covered * name,
            shared / asked.pairs_total,
            contained,
            left_out,
            _slot_fit(question, document),
            _band(question, document),
            0.0 if document.ours or document.place in asked.places else -1.0,
            _in_force(question, document),
            _share(qualifier, asked.heard) if qualifier else 0.5,
            1.0 if document.place and document.place in asked.places else 0.0,
            _unheard(self._names[i][0], asked),
            *_actions(asked.actions, self._actions[i]),
            self._priced(question, i),
        )
        return Match(document, features, words)

    def _priced(self, question: Question, i: int) -> float:
        """FAQ titles carry their slot in words; kinds of catalogues say it by themselves."""
        if self._index.documents[i].kind != "faq" or question.slot == "general":
            return -0.3 if self._prices[i] and question.slot == "general" else 0.0
        return 1.0 if self._prices[i] == (question.slot == "fee") else -1.0

    def _cover(
        self, question: Question, asked: "_Asked", i: int
    ) -> tuple[float, float, tuple[str, ...]]:
        """Share of the question covered, the heaviest word left out, and the words covered."""
        joined, letters = self._joined[i], self._letters[i]
        total = hidden = heaviest = 0.0
        words = []
        for unit in question.units:
            if unit.weight <= 0:
                continue
            share = _unit_share(unit, joined, letters)
            if share < 0.9:
                share = max(share, self._meant(asked, unit, joined))
            total += unit.weight
            hidden += unit.weight * share
            if share >= 0.6 and unit.weight > 1.5:
                words.append(unit.text)
            heaviest = max(heaviest, unit.weight * (1 - share))
        return hidden / (total or 1.0), heaviest / (total or 1.0), tuple(words)

    def _meant(self, asked: "_Asked", unit: Unit, joined: str) -> float:
        """How far an official word for this everyday one stands in the names."""
        best = 0.0
        for start, end, official in asked.meanings:
            if start < unit.end and unit.start < end:
                hit = sum(1 for word in official if word in joined)
                if hit:
                    best = max(best, 0.75 + 0.2 * hit / len(official))
        return best

    def _best_name(self, question: Question, asked: "_Asked", i: int) -> tuple[float, float, float]:
        best = title = contained = 0.0
        for n, name in enumerate(self._names[i]):
            share = _share(name.letters, asked.heard)
            if n == 0:
                title = share
            best = max(best, share * min(1.0, 0.55 + name.total / 60))
            if n < 3 and name.total > contained * question.total and name.text in question.text:
                contained = name.total / question.total
        return best, title, min(contained, 1.5)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name with the weight of its characters."""

    text: str
    letters: dict[str, float]
    total: float

    @classmethod
    def of(cls, text: str, weight: object) -> "_Name":
        letters = {c: weight(c) for c in text if c != " "}  # type: ignore[operator]
        return cls(text, letters, sum(letters.values()))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a question every candidate is compared with."""

    heard: frozenset[str]  # its characters and those of the official words it may mean
    pairs: dict[str, float]
    pairs_total: float
    meanings: tuple[tuple[int, int, tuple[str, ...]], ...]
    places: frozenset[str]
    actions: frozenset[str]

    @classmethod
    def of(cls, question: Question, index: Index) -> "_Asked":
        official = tuple((m.start, m.end, m.official) for m in question.meanings)
        heard = {c for c, w in question.characters.items() if w > 0.25}
        heard.update(c for _, _, words in official for word in words for c in word)
        text, weigh = question.text, question.characters
        pairs = {}
        for a, b in zip(text, text[1:], strict=False):
            weight = min(weigh.get(a, 0.0), weigh.get(b, 0.0))
            if weight > 1.0:
                pairs[a + b] = weight
        return cls(
            frozenset(heard),
            pairs,
            sum(pairs.values()) or 1.0,
            official,
            places_in(text),
            actions_of_question(text),
        )


def _unit_share(unit: Unit, joined: str, letters: frozenset[str]) -> float:
    if unit.text in joined:
        return 1.0
    if len(unit.text) == 1:
        return 0.0
    return 0.7 * sum(1 for c in unit.text if c in letters) / len(unit.text)


def _share(letters: dict[str, float], heard: frozenset[str]) -> float:
    total = sum(letters.values())
    return sum(w for c, w in letters.items() if c in heard) / total if total else 0.0


def _unheard(name: _Name, asked: _Asked) -> float:
    return min(sum(w for c, w in name.letters.items() if c not in asked.heard) / 60.0, 1.5)


def _qualifier(document: Document) -> dict[str, float]:
    """The characters of a title's bracket: what tells this variant from its sisters."""
    title, bare = document.names[0], document.names[1] if len(document.names) > 1 else ""
    if not bare or len(bare) >= len(title):
        return {}
    rest = [word for word in title.split(" ") if word not in bare.split(" ")]
    return dict.fromkeys("".join(rest), 1.0)


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


def _in_force(question: Question, document: Document) -> float:
    day = question.as_of
    if day is None:
        return -2.0 if document.superseded else 0.0
    if document.valid_from and document.valid_from > day:
        return -0.4
    if document.valid_to and document.valid_to < day:
        return -1.0
    return 1.0 if document.superseded or (document.valid_from and document.valid_to) else 0.0
