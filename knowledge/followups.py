"""那要多久, 电话呢, 两年的呢: a message that goes on from the matter before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from knowledge.answer import Known
from knowledge.answered import Kept
from knowledge.confidence import Ranked
from knowledge.index import Index
from knowledge.question import Question

GOES_ON = re.compile(
    r"呢$|^那(?!个证)|^这个|^它|也一样|一样吗|^还要|^还得|^要是|^如果|^按|^再|^另外"
)
ONLY_ASKS = 8.0  # nats of content: below it a message says nothing of its own
LITTLE = 26.0  # above it a message is a question of its own, unless it says 那 … 呢
STANDS_FROM = 0.5  # probability from which a full question needs no help
ONLY_ASKS_LIFT, LITTLE_LIFT, GOES_ON_LIFT = 5.0, 1.0, 0.4
SURE = 0.95  # another question on a matter that was answered or picked is about that matter
PRICED_KINDS = ("fee", "fund")
OFFICE_ONLY = ("materials", "process", "time_limit", "conditions")


class Ranking(Protocol):
    """What following needs of the engine."""

    @property
    def index(self) -> Index: ...

    @property
    def entries(self) -> Mapping[str, Known]: ...

    def rank(self, question: Question, matter: str = ..., lift: float = ...) -> list[Ranked]: ...


@dataclass(frozen=True, slots=True)
class Followed:
    """The question as it is meant, with the hits that go with it."""

    question: Question
    ranked: list[Ranked]


def nothing_said(goes_on: bool) -> float:
    """Below this a message names nothing: 电话呢 does not, 两年的呢 names another variant."""
    return 2.0 if goes_on else ONLY_ASKS


def follow(
    plain: str,
    question: Question,
    ranked: list[Ranked],
    keep: Kept,
    engine: Ranking,
    today: date,
) -> Followed | None:
    """The continued question, or None when the message stands on its own."""
    alone = ranked[0].probability if ranked else 0.0
    goes_on = bool(GOES_ON.search(question.text))
    if question.content >= ONLY_ASKS and not goes_on:
        if alone >= STANDS_FROM or question.content > LITTLE:
            return None
        lift = LITTLE_LIFT
    else:
        lift = ONLY_ASKS_LIFT if question.content < nothing_said(goes_on) else GOES_ON_LIFT
    if goes_on and alone > 0.8:
        return None
    kind = engine.entries[keep.matter].kind if keep.matter in engine.entries else ""
    if kind in PRICED_KINDS and question.slot in OFFICE_ONLY:
        lift = min(lift, GOES_ON_LIFT)  # a fee knows no days and papers; its guide does
    together = engine.index.reader.read(plain, today, before=keep.question)
    again = engine.rank(together, keep.matter, lift)
    if lift == ONLY_ASKS_LIFT and keep.sure and again and again[0].document.id == keep.matter:
        again[0] = again[0]._replace(probability=max(again[0].probability, SURE))
    if question.content >= ONLY_ASKS and again and again[0].probability < alone:
        return None
    return Followed(together, again)
