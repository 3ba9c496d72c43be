"""Kinds of ticket as data: the letters of the number and the clock, with unit and source."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"


UNIT_LABELS = {Unit.WORKDAYS: "个工作日", Unit.DAYS: "日"}


@dataclass(frozen=True, slots=True)
class Span:
    """So many days of a unit, and the rule it comes from."""

    days: int
    unit: Unit
    source: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`reply` is the clock of the answer, `extension` the longest single extension."""

    label: str
    prefix: str
    reply: Span
    extension: Span


HOTLINE = "参照《山东省政务服务热线管理办法》（2020年）：5个工作日内办结并答复"
HOTLINE_MORE = "参照《山东省政务服务热线管理办法》（2020年）：情况复杂的延长不超过10个工作日"
REQUEST = "《政府信息公开条例》（国令第711号）第三十三条：20个工作日内予以答复"
REQUEST_MORE = "《政府信息公开条例》（国令第711号）第三十三条：延长最长不超过20个工作日"

FIVE = Span(5, Unit.WORKDAYS, HOTLINE)
TEN_MORE = Span(10, Unit.WORKDAYS, HOTLINE_MORE)

KINDS: dict[str, Kind] = {
    "suggestion": Kind("建言献策", "JY", FIVE, TEN_MORE),
    "mailbox": Kind("局长信箱", "XX", FIVE, TEN_MORE),
    "question": Kind("咨询", "ZX", FIVE, TEN_MORE),
    "complaint": Kind("投诉", "TS", FIVE, TEN_MORE),
    "request": Kind(
        "依申请公开",
        "YS",
        Span(20, Unit.WORKDAYS, REQUEST),
        Span(20, Unit.WORKDAYS, REQUEST_MORE),
    ),
}

# How one speaks of a letter of a kind, where its column has another name.
LETTERS = {"mailbox": "局长信箱来信", "request": "信息公开申请"}


def letter_words(kind: str) -> str:
    """A letter of this kind as it is spoken of: 您的局长信箱来信."""
    return LETTERS.get(kind, KINDS[kind].label)


# Other clocks, by name.
RETURN = Span(
    2, Unit.WORKDAYS, "参照《山东省政务服务热线管理办法》（2020年）：2个工作日内说明理由退回"
)
REDO = Span(5, Unit.WORKDAYS, "国办发〔2019〕51号；整改反馈5个工作日为本机关承诺")
SUPPLEMENT = Span(
    7, Unit.WORKDAYS, "《政府信息公开条例》（国令第711号）第三十条：7个工作日内告知补正"
)
THIRD_PARTY = Span(15, Unit.WORKDAYS, "《政府信息公开条例》（国令第711号）第三十二条：15个工作日")

# The seven kinds of answer to a request for information (条例 第三十六条).
ANSWER_TYPES: dict[str, str] = {
    "already_public": "已经主动公开，告知获取方式、途径",
    "provided": "可以公开，提供信息或告知获取方式",
    "refused": "不予公开，说明理由",
    "none_exists": "本机关没有该信息",
    "not_ours": "不属于本机关负责，告知负责的机关",
    "repeated": "已就同一内容答复，不重复处理",
    "other_law": "属于工商、不动产登记资料等，依照有关法律、行政法规办理",
}

OUTCOMES: dict[str, str] = {
    "adopted": "采纳",
    "partially_adopted": "部分采纳",
    "not_adopted": "不予采纳",
    "kept_for_reference": "留作参考",
    "answered": "已解答",
}

# Days a closed ticket keeps its words, unless KEEP_LETTERS says otherwise.
KEPT_DAYS: dict[str, int] = {
    "suggestion": 1_825,
    "mailbox": 1_825,
    "question": 1_095,
    "complaint": 1_825,
    "request": 3_650,
}

# Also outcomes, but not chosen by a clerk.
OUTCOME_LABELS = OUTCOMES | {"abandoned": "逾期未补正，视为放弃", "withdrawn": "来信人撤回"}

GRADES: dict[int, str] = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}
BAD_FROM = 4  # 国办发〔2019〕51号: the last two grades are 差评
REASON_FROM = 3  # below 满意 we ask why


def outcome_label(outcome: str) -> str:
    """What people read for an outcome."""
    return OUTCOME_LABELS.get(outcome, outcome)


def grade_label(grade: int) -> str:
    """What people read for a grade of 1 to 5."""
    return GRADES[grade]
