"""Numbers as people write them: 十万块, 三千万, 25件, 一年半; bands of a tariff; years."""

import re
from dataclasses import dataclass
from datetime import date

DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {
    "两": 2,
    "俩": 2,
    "〇": 0,
    "几": 3,
}
UNITS = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10_000, "亿": 100_000_000}
NUMBER = (
    r"(?:\d+(?:\.\d+)?[十百千]?(?:万|亿)?"
    r"|(?:[零一二两俩三四五六七八九十百千半]|几(?=[十百千万亿])|(?<=[十百千])几)+(?:万|亿)?|[万亿])"
)
MEASURES = {
    "万元": "元", "元": "元", "块": "元", "块钱": "元", "件": "件", "页": "页", "人": "人",
    "名": "人", "个人": "人",
    "年": "年", "mhz": "mhz", "次": "次", "张": "页", "员工": "人", "个员工": "人", "万": "元",
    "亿": "元", "亿元": "元", "万块": "元", "万块钱": "元", "条": "件", "份": "件",
    "半年": "年", "个月": "月", "%": "%", "个点": "%", "兆": "mhz", "号人": "人", "口人": "人",
    "来人": "人", "几人": "人",
}  # fmt: skip
MEASURE = "|".join(sorted(MEASURES, key=len, reverse=True))
MORE = 1.04  # 一百多万 is above a hundred, 十几万 above ten
AMOUNT = re.compile(rf"({NUMBER})\s*([多几余来])?\s*({MEASURE})([多几])?")
PERCENT = re.compile(rf"(?<=百分之){NUMBER}")
FIGURE = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)"
BAND_UNIT = r"(万元|元|件|页|人|年|mhz|MHz|岁|%)"
BETWEEN = re.compile(r"≥\s*([\d.]+)%?\s*且\s*<\s*([\d.]+)%")
BAND = re.compile(
    rf"(≤|>|<|≥|超过|不满|不足|大于|小于)?\s*{FIGURE}\s*(?:年|件|页)?"
    rf"(?:\s*(?:[-–—~至到]+|以上)\s*{FIGURE})?\s*{BAND_UNIT}(以上|以下|以内)?"
)
YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|(?=以前|之前))\s*(?:(1[0-2]|0?[1-9])\s*月)?(以前|之前|前)?"
)
SHORT_YEAR = re.compile(r"(?<![\d.])(\d{2})年(?:那会|那时|的时候|办|交|考|以前|之前)")


@dataclass(frozen=True, slots=True)
class Span:
    """A band of a tariff: low < amount ≤ high in one unit (元 件 页 人 年 mhz)."""

    unit: str
    low: float
    high: float

    def holds(self, amount: float) -> bool:
        if self.unit == "元":
            return self.low < amount <= self.high
        return self.low <= amount <= self.high


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, as found in a question."""

    value: float
    unit: str


def value_of(text: str) -> float | None:
    """The value of a number in digits or Chinese; None when it is not one."""
    factor = 1.0
    while text and text[-1] in BIG:
        factor *= BIG[text[-1]]
        text = text[:-1]
    if text and text[-1] in UNITS and text[:-1].replace(".", "").isdigit():
        factor *= UNITS[text[-1]]
        text = text[:-1]
    small = _below_ten_thousand(text)
    return None if small is None else small * factor


def _below_ten_thousand(text: str) -> float | None:
    if not text:
        return 1.0
    if text.replace(".", "", 1).isdigit():
        return float(text)
    if text == "半":
        return 0.5
    total, digit = 0, 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            return None
    return float(total + digit)


def amounts_of(text: str) -> tuple[Amount, ...]:
    """The numbers with units in a normalised question: (10.0, 元) is in 万元 spelled out."""
    found = [Amount(v, "%") for n in PERCENT.findall(text) if (v := value_of(n)) is not None]
    for number, more, measure, after in AMOUNT.findall(text):
        value = value_of(number)
        if value is None or (measure == "年" and value > 100):
            continue
        if more in ("多", "几", "余") or (after and measure != "年"):
            value *= MORE
        if measure.startswith(("万", "亿")):
            value *= BIG[measure[0]]
        if measure == "个月":
            found.append(Amount(value / 12, "年"))
            continue
        if measure == "半年":
            value = 0.5
        found.append(Amount(value, MEASURES[measure]))
    if "半年" in text:
        found.append(Amount(0.5, "年"))
    return tuple(found)


def spans_of(title: str) -> tuple[Span, ...]:
    """The bands a title names: `1–10万元部分` → 元 10 000…100 000; `≥31件` → 件 31…"""
    found = [Span("%", float(a), float(b) - 1e-6) for a, b in BETWEEN.findall(title)]
    for sign, first, second, unit, after in BAND.findall(BETWEEN.sub("", title)):
        factor = 10_000.0 if unit == "万元" else 1.0
        name = "元" if unit == "万元" else unit.lower()
        low, high = ((value_of(text) or 0.0) * factor for text in (first, second or first))
        if not second:
            low, high = _open_ended(sign or after, low)
        if low != high:
            found.append(Span(name, low, high))
    return tuple(found)


def _open_ended(sign: str, value: float) -> tuple[float, float]:
    if sign in ("≤", "<", "不满", "不足", "小于", "以下", "以内"):
        return 0.0, value if sign not in ("<", "不满", "不足") else value - 1e-6
    if sign in (">", "≥", "超过", "大于", "以上"):
        return value if sign == "≥" else value + 1e-6, float("inf")
    return value, value


def time_in(text: str) -> tuple[int, int]:
    """Where the year of a question stands: [start, end); (0, 0) when it names none."""
    found = YEAR.search(text) or SHORT_YEAR.search(text)
    return found.span() if found else (0, 0)


def as_of(text: str, today: date) -> date | None:
    """The past day a question asks about; None when it asks about now or later."""
    found = YEAR.search(text)
    if found:
        year, month, edge = int(found[1]), int(found[2] or 0), found[3] or ""
    else:
        short = SHORT_YEAR.search(text)
        if not short:
            return None
        year, month, edge = 2000 + int(short[1]), 0, ""
    if edge:
        day = date(year - (0 if month > 1 else 1), month - 1 if month > 1 else 12, 28)
    else:
        day = date(year, month or 6, 15)
    return day if day < today and (year < today.year or month) else None
