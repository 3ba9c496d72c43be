"""Common characters: how they sound and how often they are used (see benchmarks/, generated)."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TABLE = Path(__file__).resolve().parent / "data" / "characters.tsv"
FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


def blur(syllable: str) -> str:
    """A syllable as careless ears hear it: zh = z, n = l, ang = an."""
    for sharp, flat in INITIALS:
        if syllable.startswith(sharp):
            syllable = flat + syllable[len(sharp) :]
            break
    for sharp, flat in FINALS:
        if syllable.endswith(sharp):
            return syllable[: -len(sharp)] + flat
    return syllable


@dataclass(frozen=True, slots=True)
class Characters:
    """character → syllable, → idf in ordinary Chinese (nats), → blurred syllable."""

    syllables: dict[str, str]
    rarity: dict[str, float]
    sounds: dict[str, str]

    @classmethod
    def load(cls, table: Path = TABLE) -> Self:
        rows = [line.split("\t") for line in table.read_text("utf8").splitlines()]
        total = sum(int(row[2]) for row in rows)
        return cls(
            {row[0]: row[1] for row in rows},
            {row[0]: math.log(total / int(row[2])) for row in rows},
            {row[0]: blur(row[1]) for row in rows},
        )

    def idf(self, character: str) -> float:
        return self.rarity.get(character, 12.0)

    def syllable(self, character: str) -> str:
        """The commonest reading without tone; the character itself when there is none."""
        return self.syllables.get(character, character)

    def blurred(self, character: str) -> str:
        """The reading as careless ears hear it; the character itself when there is none."""
        return self.sounds.get(character, character)

    def commonest(self, count: int) -> frozenset[str]:
        """The characters used most in ordinary Chinese."""
        return frozenset(sorted(self.rarity, key=self.rarity.__getitem__)[:count])
