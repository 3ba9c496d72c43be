"""那要多久, 电话呢, 两年的呢: a message that continues the matter before."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.answered import Kept
from knowledge.confidence import Ranked
from knowledge.question import Question

if TYPE_CHECKING:
    from knowledge.engine import Engine

GOES_ON = re.compile(r"呢$|^那|^这个|^它|也一样|一样吗|^还要|^还得|^要是|^如果|^按|^再")
LITTLE = 9.0  # nats of content below which a message leans on the one before
OLD_MATTER = 0.55


@dataclass(frozen=True, slots=True)
class Followed:
    """The question as it is meant, with the hits that go with it."""

    question: Question
    ranked: list[Ranked]


def follow(
    question: Question, ranked: list[Ranked], keep: Kept, engine: "Engine"
) -> Followed | None:
    """The continued question, or None when the message stands on its own."""
    return None
