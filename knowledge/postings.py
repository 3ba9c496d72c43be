"""An inverted index on numpy: term → documents and BM25 impacts, never changed once built."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

K1 = 0.8
B = 0.3


@dataclass(frozen=True, slots=True)
class Postings:
    """`vocabulary`: term → row; the row's slice of `ids` and `impacts` are its documents."""

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    ids: NDArray[np.int32]
    impacts: NDArray[np.float32]
    size: int
    bounds: list[int]  # `starts` as plain numbers, quicker to slice with

    @classmethod
    def build(cls, bags: Iterable[dict[str, float]]) -> Self:
        """From one bag (term → weighted count) a document, in the order of the documents."""
        vocabulary: dict[str, int] = {}
        rows: list[int] = []
        counts: list[float] = []
        lengths: list[float] = []
        sizes: list[int] = []
        for bag in bags:
            rows.extend([vocabulary.setdefault(term, len(vocabulary)) for term in bag])
            counts.extend(bag.values())
            lengths.append(sum(bag.values()))
            sizes.append(len(bag))
        return cls._pack(vocabulary, rows, counts, lengths, sizes)

    @classmethod
    def _pack(
        cls,
        vocabulary: dict[str, int],
        rows: list[int],
        counts: list[float],
        lengths: list[float],
        sizes: list[int],
    ) -> Self:
        row = np.asarray(rows, np.int32)
        order = np.argsort(row, kind="stable")
        document = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        length = np.asarray(lengths, np.float32)
        mean = float(length.mean()) if len(length) else 1.0
        norm = K1 * (1 - B + B * length / max(mean, 1e-6))
        count = np.asarray(counts, np.float32)
        impact = count * (K1 + 1) / (count + norm[document]) if len(count) else count
        found = np.bincount(row, minlength=len(vocabulary)) if len(row) else np.zeros(0, np.int64)
        starts = np.concatenate([[0], np.cumsum(found)]).astype(np.int64)
        ids, impacts = document[order], impact[order].astype(np.float32)
        return cls(vocabulary, starts, ids, impacts, len(sizes), starts.tolist())

    def frequency(self, term: str) -> int:
        """In how many documents the term stands."""
        row = self.vocabulary.get(term)
        return 0 if row is None else int(self.starts[row + 1] - self.starts[row])

    def part(self, term: str) -> slice | None:
        """Where the term's documents and impacts stand; None for an unknown term."""
        row = self.vocabulary.get(term)
        return None if row is None else slice(self.bounds[row], self.bounds[row + 1])


class Tally:
    """Sums weight × impact for several layers of scores in one pass over all postings."""

    def __init__(self, size: int, layers: int) -> None:
        self._size = size
        self._layers = layers
        self._ids: list[NDArray[np.int32]] = []
        self._impacts: list[NDArray[np.float32]] = []
        self._weights: list[float] = []
        self._offsets: list[int] = []

    def add(self, layer: int, postings: Postings, term: str, weight: float) -> None:
        """Add weight × impact of the term to the scores of its documents in one layer."""
        part = postings.part(term)
        if part is not None:
            self._ids.append(postings.ids[part])
            self._impacts.append(postings.impacts[part])
            self._weights.append(weight)
            self._offsets.append(layer * self._size)

    def sums(self) -> NDArray[np.float64]:
        """One row of scores a layer."""
        if not self._ids:
            return np.zeros((self._layers, self._size))
        lengths = [len(part) for part in self._ids]
        places = np.concatenate(self._ids) + np.repeat(np.array(self._offsets, np.int32), lengths)
        values = np.concatenate(self._impacts) * np.repeat(
            np.array(self._weights, np.float32), lengths
        )
        flat = np.bincount(places, values, self._layers * self._size)
        return flat.astype(np.float64, copy=False).reshape(self._layers, self._size)
