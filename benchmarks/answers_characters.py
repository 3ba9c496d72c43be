"""Writes knowledge/data/characters.tsv: character, commonest syllable, uses in jieba's dictionary.

Run once when jieba or pypinyin change: `.venv/bin/python benchmarks/answers_characters.py`. With
the table shipped, no process pays for pypinyin (60 MB) or for counting the dictionary (0.25 s).
"""

from collections import Counter
from pathlib import Path

import jieba
import pypinyin

TARGET = Path(__file__).resolve().parent.parent / "knowledge/data/characters.tsv"


def main() -> None:
    jieba.initialize()
    uses: Counter[str] = Counter()
    for word, count in jieba.dt.FREQ.items():
        for character in word if count else "":
            if "\u4e00" <= character <= "\u9fff":
                uses[character] += count
    lines = [
        f"{character}\t{pypinyin.lazy_pinyin(character)[0]}\t{count}"
        for character, count in uses.most_common(9000)
    ]
    TARGET.write_text("\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main()
