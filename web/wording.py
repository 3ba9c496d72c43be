"""How pages write days, moments and counts; the templates' filters."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import nh3
from flask import Flask
from markupsafe import Markup, escape

from bureau.feedback.kinds import grade_label, outcome_label
from core.privacy import mask
from knowledge.bases import why_stopped
from knowledge.kinds import label_of, plural_of
from knowledge.places import place_name
from knowledge.provenance import in_words, plainly
from web.counter import now

WEEKDAYS = "一二三四五六日"


def day(value: date | datetime | None) -> str:
    """3月2日 in this year, 2025年12月30日 otherwise; empty for nothing."""
    if value is None:
        return ""
    return _short(value) if value.year == now().year else f"{value.year}年{_short(value)}"


def full_day(value: date | datetime | None) -> str:
    return "" if value is None else f"{value.year}年{_short(value)}"


def iso_day(value: date | datetime | None) -> str:
    """2026-03-02: columns of dates line up."""
    return "" if value is None else f"{value:%Y-%m-%d}"


def weekday(value: date) -> str:
    return f"周{WEEKDAYS[value.weekday()]}"


def moment(value: datetime | None) -> str:
    """今天 14:05, 昨天 09:30, 3月2日 14:05."""
    if value is None:
        return ""
    days = (now().date() - value.date()).days
    name = {0: "今天", 1: "昨天", -1: "明天"}.get(days) or day(value)
    return f"{name} {value:%H:%M}"


def exact(value: datetime | None) -> str:
    return "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}"


def span(value: timedelta) -> str:
    """2天3小时, 5小时20分, 8分钟."""
    minutes = max(0, int(value.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    return f"{hours}小时{minutes}分" if hours else f"{minutes}分钟"


def count(value: int | Decimal) -> str:
    return f"{value:,}"


def file_size(size_bytes: int) -> str:
    """12 KB, 3.4 MB."""
    kb = size_bytes / 1024
    return f"{max(kb, 1):.0f} KB" if kb < 1000 else f"{kb / 1024:.1f} MB"


def share(part: int, whole: int) -> str:
    """36% of a whole; — when there is no whole."""
    return f"{part * 100 / whole:.0f}%" if whole else "—"


def headline(text: str, longest: int = 30) -> str:
    """The first words of a letter, numbers of persons masked before anything is cut off."""
    line = " ".join(mask(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, everything in it escaped."""
    lines = [line.strip() for line in text.splitlines()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(line)) for line in lines if line)


def chat(text: str) -> Markup:
    """A chat message as the telephone shows it: its line breaks, and its links to web pages."""
    kept = nh3.clean(
        text.replace("data-miniprogram", "data-x"),
        tags={"a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )
    return Markup(kept)  # noqa: S704  nh3 leaves nothing but links to web pages


def rich(html: str) -> Markup:
    """HTML that was kept clean, cleaned once more where it is shown."""
    return Markup(nh3.clean(html))  # noqa: S704  nh3 leaves no script, style or handler


def trusted(confidence: str | None) -> str:
    """已核实, 来自转载, 待核实: a row's confidence as a clerk says it."""
    if not confidence or confidence == "CONFIRMED":
        return "已核实"
    return "来自转载" if "mirror" in confidence else "待核实"


FILTERS = (
    day, full_day, iso_day, weekday, moment, exact, span, count, file_size, headline, paragraphs,
    plainly, rich, chat, mask, trusted, why_stopped, in_words,
)  # fmt: skip


def add_wording(app: Flask) -> None:
    """Make the filters known to the templates."""
    for one in FILTERS:
        app.add_template_filter(one)
    app.add_template_global(share)
    app.add_template_global(place_name, "place")
    for known in (label_of, plural_of, outcome_label, grade_label):
        app.add_template_global(known)


def _short(value: date | datetime) -> str:
    return f"{value.month}月{value.day}日"
