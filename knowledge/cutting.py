"""Names and bodies as bags of terms for the postings, each run of characters cut once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from knowledge.tokenizer import Tokenizer

OTHER_NAMES = 0.8  # an everyday name's words count a little less than the title's
MOST_TIMES = 3.0  # a term that is said more often says no more
RUNS_KEPT = 50_000

Bag = tuple[Mapping[str, float], float]  # term → weighted count, and the length of the text


class Cutter:
    """Cuts normalised texts run by run: what stands between spaces comes again and again."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._cut = lru_cache(RUNS_KEPT)(self._cut_once)
        self.seen: dict[str, None] = {}  # every word, in the order it was met

    def names(self, names: Iterable[str]) -> Bag:
        """Words and characters; the first name (the title) counts in full."""
        bag: dict[str, float] = {}
        share = 1.0
        for name in names:
            terms = Counter(self._words(name))
            terms.update(name.replace(" ", ""))
            for term, count in terms.items():
                bag[term] = min(bag.get(term, 0.0) + share * count, MOST_TIMES)
            share = OTHER_NAMES
        return bag, sum(bag.values())

    def body(self, text: str) -> Bag:
        """Words alone, nobody looks for characters here; they lengthen the body all the same."""
        bag = {word: min(count, MOST_TIMES) for word, count in Counter(self._words(text)).items()}
        characters = Counter(text.replace(" ", "")).values()
        return bag, sum(bag.values()) + sum(min(count, MOST_TIMES) for count in characters)

    def _words(self, text: str) -> list[str]:
        """The search-mode words of a text."""
        return [word for run in text.split() for word in self._cut(run)]

    def _cut_once(self, run: str) -> list[str]:
        words = self._tokenizer.words(run)
        self.seen.update(dict.fromkeys(words))
        return words
