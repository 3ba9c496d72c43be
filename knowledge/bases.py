"""The documents a row rests on, by number: 财税〔2018〕37号, 财政部令第80号, 财政部公告2023年第8号.

What stands before a number in prose does not belong to it (经发改价格〔2017〕1186号重申); what
stands before it in the name of another office does (鲁发改价格… is not 发改价格…).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.models import Kind

YEAR_OPEN, YEAR_CLOSE = "[〔\\[【((<〈]", "[〕\\]】))>〉]"
LETTERED = re.compile(rf"([一-鿿]{{1,20}}){YEAR_OPEN}(\d{{4}}){YEAR_CLOSE}(?:第)?(\d{{1,5}})号")
DECREE = re.compile(r"([一-鿿]{1,20}令)第?(\d{1,4})号")
BULLETIN = re.compile(r"([一-鿿]{1,20}公告)(\d{4})年第?(\d{1,4})号")
MORE = re.compile(r"(号(?:修订|修正)?[、,，和及])第?(\d{1,5})号")
ONE = re.compile(rf"{LETTERED.pattern}|{DECREE.pattern}|{BULLETIN.pattern}")
PROSE = re.compile(
    r"(?:法|条例|办法|规定|通知|文件|意见|标准|等|的|号|年|经|按照?|依据|根据|依|据|见|及|和|与|或|由|自|参照|执行|以)$"
)
SAME_HOUSE = {"国令": "国务院令"}
IN_FORCE = ("current", "exempt", "prohibited")  # others say of themselves that they are over
TERM = "所载期限至"  # before the last day of a row's own validity, where it stands for a document
UNDER_REVIEW = "依据已失效，正在复核"
TERM_OVER = "所载期限已满，是否延续正在复核"
CITING: dict[str, tuple[str, ...]] = {Kind.FAQ: ("answer",)}


def numbers_in(text: str) -> tuple[str, ...]:
    """Every document number of a text, in one spelling, each once; with what prose ran into it."""
    return tuple(dict.fromkeys(_spelled(found) for found in ONE.finditer(_written_out(text))))


def number_of(text: str) -> str:
    """The one document number that `text` is; empty when it is none."""
    found = ONE.fullmatch(_written_out(text))
    return _spelled(found) if found else ""


def cites(numbers: tuple[str, ...], document: str) -> bool:
    """Whether one of `numbers` (of numbers_in) is this document."""
    return any(
        one == document
        or (one.endswith(document) and bool(PROSE.search(one.removesuffix(document))))
        for one in numbers
    )


def bases_of(kind: str, source: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The documents an entry rests on; a FAQ names them in its answer and its source."""
    texts = [str(fields.get(name) or "") for name in CITING.get(kind, ("legal_basis",))]
    return numbers_in("；".join([*texts, source] if kind == Kind.FAQ else texts))


def term_of(valid_to: date | None, today: date) -> str:
    """A row's own term, once its last day has passed, as a basis that has ended; else empty."""
    return f"{TERM}{valid_to:%Y-%m-%d}" if valid_to and valid_to < today else ""


def why_stopped(stopped_by: str) -> str:
    """Why a row does not answer: one of its documents has ended, or its own term."""
    return TERM_OVER if stopped_by.startswith(TERM) and "、" not in stopped_by else UNDER_REVIEW


def _written_out(text: str) -> str:
    """No blanks, one width, and 115号、116号 with the name that both share."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    before = ""
    while before != plain:
        before, plain = plain, _one_more(plain)
    return plain


def _one_more(text: str) -> str:
    """The first number of a row of numbers that stands without its office gets it."""
    for found in ONE.finditer(text):
        more = MORE.match(text, found.end() - 1)
        if more:
            shared = found[0][: found[0].rindex(_last_number(found))]
            return f"{text[: more.start()]}{more[1]}{shared}{more[2]}号{text[more.end() :]}"
    return text


def _last_number(found: re.Match[str]) -> str:
    return found[3] or found[5] or found[8]


def _spelled(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]}〔{found[2]}〕{found[3]}号"
    if found[4]:
        return f"{SAME_HOUSE.get(found[4], found[4])}第{found[5]}号"
    return f"{found[6]}{found[7]}年第{found[8]}号"
