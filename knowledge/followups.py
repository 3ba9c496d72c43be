"""那要多久, 电话呢, 两年的呢: a message that goes on from the matter before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from knowledge.answered import Kept
from knowledge.confidence import Ranked
from knowledge.index import Index
from knowledge.known import Known
from knowledge.question import NAMES_NOTHING, Question

GOES_ON = re.compile(
    r"呢$|^那(?!个证)|^这个|^它|也一样|一样吗|^还要|^还得|^要是|^如果|^按|^再|^另外"
)
# 停车费, 学费: a fee by its name; 收费, 工本费 ask of the matter before.
FEE_BY_NAME = re.compile(r"(?<!工本)(?<=[\u4e00-\u9fff])(?<![收缴交免付花办的些])费(?!用)")
ONLY_ASKS = 8.0  # nats of content: below it a message says little of its own
LITTLE = 26.0  # above it a message is a question of its own, unless it says 那 … 呢
STANDS_ALONE = 0.8  # however short: 护照多少钱 after another matter is about passports
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


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A message that may go on from the matter before.

    alone: how probable its best hit is without it. lift: how far that matter is lifted.
    """

    plain: str
    question: Question
    alone: float
    lift: float


def may_go_on(plain: str, question: Question, ranked: Sequence[Ranked]) -> GoingOn | None:
    """None for a message that stands on its own, whatever was talked about before."""
    alone = ranked[0].probability if ranked else 0.0
    lift = _lift(question, alone)
    return None if lift is None else GoingOn(plain, question, alone, lift)


def _lift(question: Question, alone: float) -> float | None:
    """How far the matter before is lifted; None when the message stands on its own.

    电话呢 names nothing; 两年的呢 names another variant and is lifted less.
    """
    if question.content < NAMES_NOTHING:
        return ONLY_ASKS_LIFT
    if alone > STANDS_ALONE:
        return None
    if GOES_ON.search(question.text):
        return GOES_ON_LIFT
    if question.content >= ONLY_ASKS:
        return None if alone >= STANDS_FROM or question.content > LITTLE else LITTLE_LIFT
    if FEE_BY_NAME.search(question.text):
        return None
    return LITTLE_LIFT if question.slot == "general" else ONLY_ASKS_LIFT


def follow(said: GoingOn, keep: Kept, engine: Ranking, today: date) -> Followed | None:
    """The continued question, or None when the message stands on its own after all."""
    question, lift = said.question, said.lift
    kind = engine.entries[keep.matter].kind if keep.matter in engine.entries else ""
    if kind in PRICED_KINDS and question.slot in OFFICE_ONLY:
        lift = min(lift, GOES_ON_LIFT)  # a fee knows no days and papers; its guide does
    together = engine.index.reader.read(said.plain, today, before=keep.question)
    again = engine.rank(together, keep.matter, lift)
    if lift == ONLY_ASKS_LIFT and keep.sure and again and again[0].document.id == keep.matter:
        again[0] = again[0]._replace(probability=max(again[0].probability, SURE))
    if question.content >= ONLY_ASKS and again and again[0].probability < said.alone:
        return None
    return Followed(together, again)
