"""The scan of everything that goes out: personal numbers, secret markings, words to avoid.

个人信息保护法 §25, §28 (personal data in publications); 保守国家秘密法 §35 (review before it).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

DIGITS = r"(?:[ \-]?\d)"
# A number inside a longer code of letters and digits (实施编码, addresses of pages) is part of it.
FROM, TO = r"(?<!\d)(?<!\d[A-Za-z])(?<![a-f][a-f])", r"(?!\d)(?![A-Za-z]\d)(?![a-f][a-f\d])"
IDENTITY = re.compile(rf"{FROM}\d{DIGITS}{{16}}[ \-]?[\dXx](?![Xx]){TO}")
OLD_IDENTITY = re.compile(rf"{FROM}\d{{15}}{TO}")
MOBILE = re.compile(rf"{FROM}(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{{4}}[ \-]?\d{{4}}{TO}")
CARD = re.compile(rf"{FROM}[3-6]{DIGITS}{{14,18}}{TO}")
LANDLINE = re.compile(r"(?<![\d\-])(?:0\d{2,3}[ \-]?)?[2-8]\d{6,7}(?![\d\-])")
CONTACT_BEFORE = re.compile(r"(电话|热线|传真|咨询|联系|监督|举报|服务)[^\n]{0,24}$")
SECRET = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆]|密级\s*[:：]\s*(?:绝密|机密|秘密)|^\s*(?:绝密|机密|秘密)\s*$"
    r"|内部(?:资料|文件|材料)\s*[,，、]?\s*(?:注意保存|不得外传|严禁外传|请勿外传)",
    re.MULTILINE,
)
ADDRESS = re.compile(r"[\u4e00-\u9fff]{2,12}(?:小区|家园|花园)\s*\d+\s*号楼[^，。\n]{0,12}\d+室?")
STOP, LOOK = "stop", "look"


@dataclass(frozen=True, slots=True)
class Finding:
    """kind; field it stands in; start: character in it; shown: masked excerpt.

    level: stop (nothing goes out with it) or look (a person has to look).
    """

    kind: str
    label: str
    field: str
    start: int
    shown: str
    level: str = STOP

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.field}：第 {self.start + 1} 字起有{self.label}“{self.shown}”"


@dataclass(frozen=True, slots=True)
class Words:
    """Words staff keep: banned, and error-prone with what to write instead."""

    banned: tuple[str, ...] = ()
    error_prone: Mapping[str, str] | None = None


def scan(
    texts: Mapping[str, str], contacts: Iterable[str] = (), words: Words | None = None
) -> list[Finding]:
    """Findings in named texts, in their order. `contacts`: fields where a landline belongs."""
    quiet = set(contacts)
    found: list[Finding] = []
    for field, text in texts.items():
        plain = narrow(text)
        found += _numbers(field, plain)
        found += _marks(field, plain)
        if field not in quiet:
            found += _landlines(field, plain)
        found += _words(field, plain, words or Words())
    return sorted(found, key=lambda item: (list(texts).index(item.field), item.start))


NARROW = {
    code: folded
    for code in range(0x80, 0x10000)
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1 and folded != chr(code)
}


def narrow(text: str) -> str:
    """Full-width digits and letters as narrow ones, character for character."""
    return text.translate(NARROW)


def masked(text: str) -> str:
    """The text with every personal number in it masked; everything else as it was."""
    for _label, _kind, pattern, check in CHECKS:
        parts, at = [], 0
        for match in pattern.finditer(text):
            if check(_digits(match[0])):
                parts += [text[at : match.start()], _masked(match[0])]
                at = match.end()
        text = "".join((*parts, text[at:]))
    return text


def stops(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a publication."""
    return [finding for finding in findings if finding.level == STOP]


def _numbers(field: str, text: str) -> Iterator[Finding]:
    taken: list[range] = []
    for label, kind, pattern, check in CHECKS:
        for match in pattern.finditer(text):
            span = range(match.start(), match.end())
            if check(_digits(match[0])) and not any(match.start() in old for old in taken):
                taken.append(span)
                yield Finding(kind, label, field, match.start(), _masked(match[0]))


def _landlines(field: str, text: str) -> Iterator[Finding]:
    for match in LANDLINE.finditer(text):
        has_area = match[0].startswith("0")
        named = CONTACT_BEFORE.search(text[: match.start()])
        if has_area and not named:
            label = "联系电话栏以外的电话号码"
            yield Finding("phone", label, field, match.start(), _masked(match[0]), LOOK)


def _marks(field: str, text: str) -> Iterator[Finding]:
    for match in SECRET.finditer(text):
        yield Finding("secret", "涉密或内部标志", field, match.start(), match[0].strip())
    for match in ADDRESS.finditer(text):
        shown = match[0][:4] + "……"
        yield Finding("address", "详细住址", field, match.start(), shown, LOOK)


def _words(field: str, text: str, words: Words) -> Iterator[Finding]:
    for word in words.banned:
        for match in re.finditer(re.escape(word), text):
            yield Finding("banned", "禁用词", field, match.start(), word)
    for word, better in (words.error_prone or {}).items():
        for match in re.finditer(re.escape(word), text):
            hint = f"{word}→{better}" if better else word
            yield Finding("error_prone", "易错词", field, match.start(), hint, LOOK)


def _digits(text: str) -> str:
    return re.sub(r"[ \-+]", "", text).upper()


def _masked(text: str) -> str:
    digits = _digits(text)
    return f"{digits[:3]}****{digits[-4:]}"


def is_identity(number: str) -> bool:
    """18 characters, a day of birth that exists, and the right check character (GB 11643)."""
    try:
        datetime.strptime(number[6:14], "%Y%m%d")  # noqa: DTZ007  a day, not a moment
        mod_11_2.validate(number)
    except (ValueError, ValidationError):
        return False
    return True


def is_old_identity(number: str) -> bool:
    """15 digits with a day of birth of the last century."""
    try:
        datetime.strptime("19" + number[6:12], "%Y%m%d")  # noqa: DTZ007  a day, not a moment
    except ValueError:
        return False
    return "11" <= number[:2] <= "65"


def is_card(number: str) -> bool:
    return 15 <= len(number) <= 19 and bool(luhn.is_valid(number))


def _always(_number: str) -> bool:
    return True


CHECKS: tuple[tuple[str, str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("身份证号码", "identity", IDENTITY, is_identity),
    ("银行卡号", "card", CARD, is_card),
    ("身份证号码", "identity", OLD_IDENTITY, is_old_identity),
    ("手机号码", "mobile", MOBILE, _always),
)
