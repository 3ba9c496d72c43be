"""An inverted index on numpy: term → documents and BM25 impacts, never changed once built."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

K1 = 0.8
B = 0.3
NEAR = (0.6, 0.4)  # a document with less than this share of the best is none
TIES = 9  # digits: sums that differ later are equal, and the earlier document comes first

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Postings:
    """`vocabulary`: term → row; the row's slice of `ids` and `impacts` are its documents."""

    vocabulary: dict[str, int]
    starts: list[int]  # plain numbers are quicker to slice with
    ids: NDArray[np.int32]
    impacts: NDArray[np.float32]
    size: int

    @classmethod
    def build(cls, bags: Iterable[tuple[Mapping[str, float], float]]) -> Self:
        """From one bag (term → weighted count) and its length a document, in their order."""
        vocabulary: dict[str, int] = {}
        rows, counts, lengths, sizes = array("i"), array("f"), array("f"), array("i")
        for bag, length in bags:
            rows.extend([vocabulary.setdefault(term, len(vocabulary)) for term in bag])
            counts.extend(bag.values())
            lengths.append(length)
            sizes.append(len(bag))
        row, count = np.asarray(rows), np.asarray(counts)
        document = np.repeat(np.arange(len(sizes), dtype=np.int32), np.asarray(sizes))
        impact = _impact(count, document, np.asarray(lengths))
        order = np.argsort(row, kind="stable")
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum(np.bincount(row, minlength=len(vocabulary)), out=starts[1:])
        return cls(vocabulary, starts.tolist(), document[order], impact[order], len(sizes))

    def frequency(self, term: str) -> int:
        """In how many documents the term stands."""
        row = self.vocabulary.get(term)
        return 0 if row is None else self.starts[row + 1] - self.starts[row]


def _impact(
    count: NDArray[np.float32], document: NDArray[np.int32], length: NDArray[np.float32]
) -> NDArray[np.float32]:
    """BM25's share of a term in its document: more for each time, less in a long one."""
    mean = max(float(length.mean()) if len(length) else 1.0, 1e-6)
    norm = np.float32(K1) * (1 - B + B * length / mean)
    impact = count * (K1 + 1) / (count + norm[document])
    return impact.astype(np.float32, copy=False)


class Layers:
    """Sums weight × impact of some terms in several layers, to one score a document in each.

    Terms come layer by layer, so that all are joined and weighed in one step.
    """

    def __init__(self, size: int, shares: Sequence[float]) -> None:
        """`shares`: what each layer counts beside the others; its scores are taken times it."""
        self._size = size
        self._shares = shares
        self._ids: list[NDArray[np.int32]] = []
        self._impacts: list[NDArray[np.float32]] = []
        self._weights: list[float] = []
        self._lengths = [0] * len(shares)  # how many postings each layer has

    def add(
        self, layer: int, postings: Postings, terms: Iterable[tuple[str, float]], of: float = 1.0
    ) -> None:
        """Add weight / of × impact of each term to the scores of its documents in a layer."""
        vocabulary, starts, share = postings.vocabulary, postings.starts, self._shares[layer]
        for term, weight in terms:
            row = vocabulary.get(term)
            if row is not None:
                start, end = starts[row], starts[row + 1]
                self._ids.append(postings.ids[start:end])
                self._impacts.append(postings.impacts[start:end])
                self._weights.append(weight / of * share)
                self._lengths[layer] += end - start

    def scores(self) -> list[Scores]:
        """For each layer one score a document."""
        if not self._ids:
            return [np.zeros(self._size) for _ in self._shares]
        ids = np.concatenate(self._ids, dtype=np.intp)
        impacts = np.concatenate(self._impacts, dtype=np.float64)
        impacts *= np.array(self._weights).repeat([len(part) for part in self._ids])
        found, start = [], 0
        for length in self._lengths:
            part = slice(start, start + length)
            scores = np.bincount(ids[part], impacts[part], self._size)
            found.append(scores.astype(np.float64, copy=False))
            start += length
        return found


def highest(total: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """Positions of the highest scores, best first; a cut at a share of the best spares sorting."""
    top = float(total.max(initial=0.0))
    if top <= 0:
        return np.zeros(0, np.intp)
    for share in NEAR:
        near = (total > top * share).nonzero()[0]
        if len(near) >= size:
            break
    return near[(-total[near].round(TIES)).argsort(kind="stable")[:size]]
