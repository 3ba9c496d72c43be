"""What a progressive tariff comes to: a lawsuit about 35万, 46件, 150页, band by band."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from knowledge.answered import Card
from knowledge.numbers import Amount, Span

FIXED = re.compile(r"^每件(\d+(?:\.\d+)?)元$")
SHARE = re.compile(r"^(\d+(?:\.\d+)?)%$")
EACH = re.compile(r"^(\d+(?:\.\d+)?)元(?:/[件页])?$")
RISING = re.compile(r"^以(\d+)件为一档,每增一档收费标准提高(\d+)元/件$")
ABOUT = re.compile(r"[多几余来][十百千万亿件页]|[十百千万亿件页][多几余来]")
COUNTED = ("件", "页")


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a tariff, its rate as the catalogue writes it."""

    span: Span
    rate: str


def head_of(bracket: str) -> str:
    """What the steps of one tariff share: 财产案件 in 财产案件 10–20万元部分."""
    return re.split(r"[≤≥<>\d]", bracket, maxsplit=1)[0].strip()


def total_said(bands: Iterable[Band], amounts: Sequence[Amount], text: str) -> str:
    """One sentence with the sum over all steps; empty for a rough amount or an unread rate."""
    steps = sorted(bands, key=lambda band: band.span.low)
    meant = {a.value for a in amounts if steps and a.unit == steps[0].span.unit}
    if len(steps) < 2 or len(meant) != 1 or ABOUT.search(text):
        return ""
    amount = meant.pop()
    parts = _parts(steps, amount)
    if len(parts) < 2:
        return ""
    said = " + ".join(f"{part:.10g}" for part in parts if part)
    unit = steps[0].span.unit
    much = f"{amount / 10_000:g}万元" if unit == "元" and amount >= 10_000 else f"{amount:g}{unit}"
    sums = f"{said} = " if " + " in said else ""
    return f"按各档累计，{much}合计：{sums}{sum(parts):.10g}元（以执收单位核定为准）"


def _parts(steps: Sequence[Band], amount: float) -> list[float]:
    """What every step up to the amount adds; nothing when they do not join or one is unread."""
    joined = all(-1e-3 < b.span.low - a.span.high <= 1.0 for a, b in pairwise(steps))
    if steps[0].span.low or not joined:
        return []
    parts: list[float] = []
    each = 0.0
    for step in steps:
        if amount < step.span.low or (amount and amount <= _before(step.span)):
            break
        inside = min(amount, step.span.high) - _before(step.span)
        part = _part(step.rate, inside, each)
        if part is None:
            return []
        parts.append(part)
        found = EACH.match(step.rate)
        each = float(found[1]) if found else each
    return parts


def _before(span: Span) -> float:
    """How much lies below a step: 11–30件 begins after 10."""
    return max(span.low - 1, 0.0) if span.unit in COUNTED else float(round(span.low, 3))


def _part(rate: str, inside: float, each: float) -> float | None:
    """What one step costs for the part of the amount inside it; each: the price a piece before."""
    if found := FIXED.match(rate):
        return float(found[1])
    if found := SHARE.match(rate):
        return round(inside * float(found[1]) / 100, 2)
    if found := EACH.match(rate):
        return inside * float(found[1])
    if found := RISING.match(rate):
        size, more = int(found[1]), float(found[2])
        steps = range(ceil(inside / size))
        return sum(min(inside - i * size, size) * (each + more * (i + 1)) for i in steps)
    return None


def with_total(card: Card, total: str) -> Card:
    """The card with what the tariff comes to, right below its standard; as it is for no total."""
    if not total:
        return card
    at = next((i for i, line in enumerate(card.lines) if line.startswith("收费标准")), -1)
    return replace(card, lines=(*card.lines[: at + 1], total, *card.lines[at + 1 :]))
