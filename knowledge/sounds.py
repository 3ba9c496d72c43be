"""Words typed by sound: a wrong homophone, whole questions in pinyin, initials.

Only character pairs the index has never seen are looked at: always-on pinyin costs two points on
clean questions, gated it costs none and brings eleven on misspelt ones.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from knowledge.characters import Characters, blur

LATIN = re.compile(r"[a-z]{2,}(?: [a-z]+)*")
ASKING_WORDS = [
    "多少钱",
    "多少",
    "怎么办",
    "怎么",
    "怎样",
    "咋办",
    "几天",
    "多久",
    "材料",
    "资料",
    "流程",
    "条件",
    "电话",
    "地址",
    "在哪",
    "在哪里",
    "哪里",
    "什么时候",
    "什么",
    "需要",
    "可以",
    "能不能",
    "丢了",
    "补办",
    "收费",
    "标准",
    "申请",
    "办理",
    "查询",
    "要",
    "吗",
    "了",
    "办",
    "交",
    "钱",
    "的",
    "我",
    "想",
    "是",
    "去",
    "哪",
    "年",
    "月",
    "号",
    "截止",
    "到期",
    "换",
    "补",
    "退",
    "查",
    "怎么交",
    "怎么退",
    "怎么查",
    "怎么领",
    "领",
    "开",
    "需要什么",
    "要多少",
    "要几天",
]
LONGEST_WORD = 6


class Sounds:
    """Built from the names of all entries; immutable afterwards."""

    def __init__(self, words: Iterable[str], names: Iterable[str], characters: Characters) -> None:
        """`words`: multi-character words of the index; `names`: short names, for initials."""
        self._characters = characters
        self.seen: set[str] = set()
        self._pairs: dict[str, Counter[str]] = defaultdict(Counter)
        self._spoken: dict[str, str] = {}
        self._initials: dict[str, str] = {}
        for word in words:
            self._learn(word)
        for word in ASKING_WORDS:
            self._spoken[self._spell(word)] = word
            self.seen.update(a + b for a, b in zip(word, word[1:], strict=False))
        for name in names:
            self._learn_initials(name)
            self.seen.update(a + b for a, b in zip(name, name[1:], strict=False))

    def _learn(self, word: str) -> None:
        for pair in zip(word, word[1:], strict=False):
            joined = "".join(pair)
            self.seen.add(joined)
            self._pairs[self._blurred(joined)][joined] += 1
        if len(word) <= LONGEST_WORD:
            self._spoken.setdefault(self._spell(word), word)

    def _learn_initials(self, name: str) -> None:
        if 3 <= len(name) <= 4 and " " not in name:
            letters = "".join(self._characters.syllable(c)[0] for c in name)
            if letters.isascii():
                self._initials.setdefault(letters, name)

    def _spell(self, word: str) -> str:
        return "".join(self._characters.syllable(c) for c in word)

    def _blurred(self, word: str) -> str:
        return " ".join(blur(self._characters.syllable(c)) for c in word)

    def correct(self, text: str, suspicious: Iterable[int]) -> tuple[str, frozenset[int]]:
        """The text with misheard characters put right, and the positions that changed.

        `suspicious`: positions i where text[i:i+2] is no part of a known word.
        """
        letters = list(text)
        changed: set[int] = set()
        for i in suspicious:
            pair = text[i : i + 2]
            if pair in self.seen or i in changed or i + 1 in changed:
                continue
            better = self._alike(pair)
            if better:
                position = i if better[0] != pair[0] else i + 1
                letters[position] = better[position - i]
                changed.add(position)
        return "".join(letters), frozenset(changed)

    def _alike(self, pair: str) -> str | None:
        """A known pair that sounds the same and shares one character; the commonest."""
        candidates = self._pairs.get(self._blurred(pair))
        if not candidates:
            return None
        exact = self._spell(pair)
        best, rank = None, (False, 0)
        for known, count in candidates.items():
            if (known[0] == pair[0]) != (known[1] == pair[1]):
                this = (self._spell(known) == exact, count)
                if this > rank:
                    best, rank = known, this
        return best

    def from_latin(self, text: str) -> str:
        """Pinyin and initials in a normalised text turned into Chinese where that is certain."""
        return LATIN.sub(lambda match: self._read(match[0]), text) if LATIN.search(text) else text

    def _read(self, latin: str) -> str:
        whole = latin.replace(" ", "")
        if whole in self._initials:
            return self._initials[whole]
        words = self._split(whole)
        if words is None or len("".join(words)) < 2:
            return latin
        return "".join(words)

    def _split(self, letters: str) -> list[str] | None:
        """The letters as spoken words, longest words first; None when they are not pinyin."""
        best: list[tuple[int, list[str]] | None] = [None] * (len(letters) + 1)
        best[0] = (0, [])
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 24), end):
                before = best[start]
                word = self._spoken.get(letters[start:end])
                if before is None or word is None:
                    continue
                cost = before[0] + (3 if len(word) == 1 else 2)
                if best[end] is None or cost < best[end][0]:  # type: ignore[index]
                    best[end] = (cost, [*before[1], word])
        return best[-1][1] if best[-1] else None
