"""The one normaliser: width, case, traditional characters, punctuation and polite fillers."""

import re
import unicodedata
from functools import cache

import opencc

LONGEST = 600  # characters of a message that are read; the rest cannot change a question
SYNONYMOUS_SIGNS = str.maketrans({"〔": " ", "〕": " ", "㎡": "平", "³": "3"})
STICKERS = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")  # WeChat's [微笑]
NOT_CONTENT = re.compile(r"[^0-9a-z\u4e00-\u9fff.%]+")
LOOSE_DOTS = re.compile(r"(?<!\d)[.%]+|\.(?!\d)")
GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
FILLERS = re.compile(
    "请问一下|请问下|请问|你好|您好|麻烦问下|麻烦问一下|麻烦|我想问一下|我想问下|我想问问|我想问|我想咨询一下|我想咨询|想咨询一下|"
    "想咨询|咨询一下|咨询下|想问一下|想问下|想问问|问一下|问下|问问|我想了解|想了解一下|了解一下|谢谢|老师|各位|领导|"
    "顺便问下|顺便|那个啥|听说|我就想知道|想知道"
)


@cache
def _to_simplified() -> dict[int, str]:
    """Traditional → simplified, character by character; built once from OpenCC's table (0.1 s)."""
    plain = "".join(map(chr, range(0x4E00, 0xA000)))
    turned = opencc.OpenCC("t2s").convert("\n".join(plain)).split("\n")
    return {ord(a): b for a, b in zip(plain, turned, strict=True) if a != b and len(b) == 1}


def simplify(text: str) -> str:
    """Simplified characters for traditional ones."""
    return text.translate(_to_simplified())


def normalise(text: str) -> str:
    """Lower-case, half-width, simplified; anything but letters, digits and Han is a space."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].translate(SYNONYMOUS_SIGNS)).lower()
    plain = simplify(plain)
    if "[" in plain:
        plain = STICKERS.sub(" ", plain)
    if "," in plain:
        plain = GROUPED.sub("", plain)
    plain = NOT_CONTENT.sub(" ", plain)
    if "." in plain or "%" in plain:
        plain = LOOSE_DOTS.sub(" ", plain)
    return " ".join(plain.split())


def without_fillers(text: str) -> str:
    """A normalised question without 请问, 你好 and the like; the text itself if nothing is left."""
    rest = " ".join(FILLERS.sub(" ", text).split())
    return rest or text


def plain_of(message: str) -> str:
    """A message as it is read: normalised, without polite fillers."""
    return without_fillers(normalise(message))
