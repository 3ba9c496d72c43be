"""Scores that mean something: an order for the candidates, and a probability for each hit.

Coefficients come from a file that `benchmarks/answers_fit.py` writes after cross-validation; what
is learned is small (a softmax over the candidates, a logistic over a dozen measures), so that a few
hundred questions are enough.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from pathlib import Path
from typing import NamedTuple, Self

from knowledge.documents import Document
from knowledge.matching import FEATURES, Match
from knowledge.models import Kind
from knowledge.question import Question

FILE = Path(__file__).resolve().parent / "data" / "coefficients.json"
MEASURES = (
    "share", "lead", "score", "covered", "named", "both", "left_out", "pairs", "contained",
    "slot_fits", "band", "body", "meanings", "length", "corrected", "in_force", "why", "alike",
    "thin", "characters", "plain",
)  # fmt: skip
# Reasons are in no catalogue.
WHY = re.compile("为什么|为啥|怎么回事|咋回事|凭什么|凭啥")  # no catalogue knows
copied = itemgetter(*(FEATURES.index(name) for name in MEASURES[3:13]))
IN_FORCE, COVERED = FEATURES.index("in_force"), FEATURES.index("covered")
CHARACTERS, PLAIN = FEATURES.index("characters"), FEATURES.index("plain")
TIES = 9  # digits: scores that differ later are equal, and the first look decides
WHOLE = 4  # characters of a charge's name that stand in a guide's title for one matter
THIN = 0.5  # a question covered by less than this share says little for its first hit


class Ranked(NamedTuple):
    """A match with its probability of answering the question."""

    match: Match
    probability: float

    @property
    def document(self) -> Document:
        return self.match.document


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What was fitted: rank weights, measure weights with a bias last, and the two thresholds."""

    rank: tuple[float, ...]
    confidence: tuple[float, ...]
    answer_from: float
    choose_from: float

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        data = json.loads(file.read_text("utf8"))
        return cls(
            tuple(data["rank"].get(name, 0.0) for name in FEATURES),
            (*(data["confidence"].get(name, 0.0) for name in MEASURES), data["confidence"]["bias"]),
            data["answer_from"],
            data["choose_from"],
        )

    def order(
        self, matches: Sequence[Match], matter: str = "", lift: float = 0.0
    ) -> list[tuple[float, Match]]:
        """Rank scores, best first; the entry `matter` is lifted."""
        rank = self.rank
        scored = [(round(sum(map(mul, rank, match.features)), TIES), match) for match in matches]
        if lift:
            scored = [(s + lift * (m.document.id == matter), m) for s, m in scored]
        return sorted(scored, key=itemgetter(0), reverse=True)

    def judge(
        self,
        question: Question,
        matches: Sequence[Match],
        size: int = 10,
        matter: str = "",
        lift: float = 0.0,
    ) -> list[Ranked]:
        """The best hits with probabilities, best first, never rising down the list."""
        scored = self.order(matches, matter, lift)
        ranked: list[Ranked] = []
        ceiling, bias = 1.0, self.confidence[-1]
        for measures, (_, match) in zip(measure(question, scored, size), scored, strict=False):
            value = bias + sum(map(mul, self.confidence, measures))
            ceiling = min(ceiling, 1.0 / (1.0 + math.exp(-max(min(value, 30.0), -30.0))))
            ranked.append(Ranked(match, ceiling))
        return ranked


def measure(
    question: Question, scored: Sequence[tuple[float, Match]], size: int = 10
) -> list[list[float]]:
    """The measures of the first hits, in the order of MEASURES; margins are between topics."""
    if not scored:
        return []
    top = scored[0][0]
    shares = [math.exp(max(score - top, -30.0)) for score, _ in scored]
    total = sum(shares)
    topics = [topic_of(match.document) for _, match in scored]
    alike = Counter(topics)
    by_topic: dict[str, float] = {}
    for topic, share in zip(topics, shares, strict=True):
        by_topic[topic] = by_topic.get(topic, 0.0) + share / total
    best, second = [*sorted(by_topic.values(), reverse=True), 0.0][:2]
    length, corrected = min(question.total / 60.0, 2.0), 1.0 if question.corrected else 0.0
    why = 1.0 if WHY.search(question.text) else 0.0
    rows = []
    for (score, match), topic, share in zip(scored[:size], topics, shares, strict=False):
        mine = by_topic[topic]
        f = match.features
        rows.append(
            [
                share / total,
                mine - (second if mine == best else best),
                score / 10.0,
                *copied(f),
                length,
                corrected,
                f[IN_FORCE],
                why,
                alike[topic] / 10.0,
                max(0.0, THIN - f[COVERED]),
                f[CHARACTERS],
                1.0 if f[PLAIN] == 1.0 else 0.0,
            ]
        )
    return rows


def topic_of(document: Document) -> str:
    """Variants of one matter share their title without its bracket."""
    return document.bare or document.title


def guide_first(ranked: list[Ranked], slot: str) -> list[Ranked]:
    """The hits with the guide of the best one's matter before it: it knows papers and days.

    A charge and a guide are of one matter when they are equally sure, or when the guide's title
    is the charge's with words of process about it: 残疾人就业保障金申报缴纳. It holds here or
    where the charge does. Conditions are told by a charge's own notes as well.
    """
    ranked = sorted(ranked, key=lambda r: (-r.probability, r.document.kind != Kind.GUIDE))
    best = ranked[0] if ranked else None
    if best is None or best.document.kind not in (Kind.FEE, Kind.FUND) or slot == "conditions":
        return ranked
    charge = best.document
    for place, hit in enumerate(ranked):
        guide = hit.document
        same = guide.kind == Kind.GUIDE and len(charge.bare) >= WHOLE and charge.bare in guide.bare
        if same and guide.place in ("", charge.place):
            first = hit._replace(probability=best.probability)
            return [first, *ranked[:place], *ranked[place + 1 :]]
    return ranked
