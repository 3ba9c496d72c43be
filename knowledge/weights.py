"""How much a term says: the smaller of its rarity among the names and in ordinary Chinese."""

import math

from knowledge.postings import Postings
from knowledge.tokenizer import Tokenizer

SMALL = 150  # a smaller catalogue is weighed as if it had so many entries
MOST, LEAST = 9.0, 0.3  # nats
KEPT = 200_000


class Weights(dict[str, float]):
    """term → nats, each reckoned when it is first asked for."""

    def __init__(self, tokenizer: Tokenizer, postings: Postings) -> None:
        super().__init__()
        self._tokenizer = tokenizer
        self._postings = postings

    def __missing__(self, term: str) -> float:
        among, size = self._postings.frequency(term), max(self._postings.size, SMALL)
        here = math.log(1 + (size - among + 0.5) / (among + 0.5))
        weight = max(min(here, self._tokenizer.background_idf(term), MOST), LEAST)
        if len(self) < KEPT:
            self[term] = weight
        return weight
