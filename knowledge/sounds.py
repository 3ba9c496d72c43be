"""Words typed by sound: a wrong homophone, whole questions in pinyin, initials.

Only character pairs the index has never seen are looked at: always-on pinyin costs two points on
clean questions, gated it costs none and brings eleven on misspelt ones.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import pairwise

from knowledge.characters import Characters

LATIN = re.compile(r"[a-z]{2,}(?: [a-z]+)*")
ASKING_WORDS = (
    "多少钱 多少 怎么办 怎么 怎样 咋办 几天 多久 材料 资料 流程 条件 电话 地址 在哪 在哪里 哪里 "
    "什么时候 什么 需要 可以 能不能 丢了 补办 收费 标准 申请 办理 查询 截止 到期 怎么交 怎么退 "
    "怎么查 怎么领 需要什么 要多少 要几天 "
    "要 吗 了 办 交 钱 的 我 想 是 去 哪 年 月 号 换 补 退 查 领 开"
)
LONGEST_WORD = 6
COMMON = 90  # so common a character is hardly a misspelling, nor what was meant


class Sounds:
    """Built from the names of all entries; immutable afterwards."""

    def __init__(self, words: Iterable[str], names: Iterable[str], characters: Characters) -> None:
        """`words`: multi-character words of the index; `names`: all names,
        for pairs and initials."""
        self._characters = characters
        self.seen: set[str] = set()
        self._words: dict[str, list[str]] = defaultdict(list)
        self._heard: set[str] = set()  # pairs of sounds that follow each other in a word
        self._spoken: dict[str, str] = {}
        self._initials: dict[str, str] = {}
        self._common = characters.commonest(COMMON)
        for word in dict.fromkeys(words):
            self._learn(word)
        for word in ASKING_WORDS.split():
            self._spoken[self._spell(word)] = word
            self._see(word)
        for name in names:
            self._see(name)
            self._learn_initials(name)

    def _see(self, text: str) -> None:
        self.seen.update(a + b for a, b in pairwise(text))

    def _learn(self, word: str) -> None:
        self._see(word)
        if 2 <= len(word) <= LONGEST_WORD:
            self._spoken.setdefault(self._spell(word), word)
            self._words[self._blurred(word)].append(word)
            sounds = map(self._characters.blurred, word)
            self._heard.update(a + " " + b for a, b in pairwise(sounds))

    def _learn_initials(self, name: str) -> None:
        if 3 <= len(name) <= 4 and " " not in name:
            letters = "".join(self._characters.syllable(c)[0] for c in name)
            if letters.isascii():
                self._initials.setdefault(letters, name)

    def _spell(self, word: str) -> str:
        return "".join(self._characters.syllable(c) for c in word)

    def _blurred(self, word: str) -> str:
        return " ".join(map(self._characters.blurred, word))

    def doubtful(self, text: str) -> list[int]:
        """Positions of character pairs that stand in no name."""
        return [i for i in range(len(text) - 1) if text[i : i + 2] not in self.seen]

    def correct(self, text: str, firm: Collection[int]) -> tuple[str, frozenset[int]]:
        """The text with misheard characters put right, and the positions that changed.

        firm: positions of characters that belong to a known word of the index: never changed.
        A word is put right as a whole: same sounds, one character different, and the pair that
        it replaces never seen in any name.
        """
        doubtful = [i for i in self.doubtful(text) if not (i in firm and i + 1 in firm)]
        sounds = [self._characters.blurred(c) for c in text] if doubtful else []
        letters = list(text)
        changed: set[int] = set()
        for i in doubtful:
            for position, letter in self._put_right(text, sounds, i, firm):
                if position not in changed:
                    letters[position] = letter
                    changed.add(position)
        return "".join(letters), frozenset(changed)

    def _put_right(
        self, text: str, sounds: list[str], doubtful: int, firm: Collection[int]
    ) -> list[tuple[int, str]]:
        """The change of the longest word around a doubtful pair; empty when there is none."""
        if sounds[doubtful] + " " + sounds[doubtful + 1] not in self._heard:
            return []
        for length in range(LONGEST_WORD, 1, -1):
            for start in range(max(0, doubtful + 2 - length), doubtful + 1):
                end = start + length
                if end > len(text):
                    break
                for word in self._words.get(" ".join(sounds[start:end]), ()):
                    change = self._difference(text, start, word)
                    if change and change[0] not in firm:
                        return [change]
        return []

    def _difference(self, text: str, start: int, word: str) -> tuple[int, str] | None:
        """The one place where a word differs from the text; None for none, two or a common one."""
        places = [i for i, c in enumerate(word) if text[start + i] != c]
        if len(places) != 1 or word[places[0]] in self._common:
            return None
        if len(word) == 2 and text[start + places[0]] in self._common:
            return None
        return start + places[0], word[places[0]]

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
