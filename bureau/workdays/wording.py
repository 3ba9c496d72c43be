"""The State Council's notice in its own words → a year's holidays and make-up days.

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bureau.workdays.calendar import WEEK, DayKind, Exceptional
from bureau.workdays.table import LONGEST_HOLIDAY, YearNotice, check_days
from core.errors import Refusal

ITEM = re.compile(r"[一二三四五六七八九十]+、\s*([^：:\n]{2,20})[：:]([^\n]*)")
DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?")
SPAN = re.compile(rf"(?P<first>{DAY.pattern})(?:\s*至\s*(?P<last>{DAY.pattern}))?")
YEAR = re.compile(r"(\d{4})\s*年")
NUMBER = re.compile(r"国办发[^\s，。；]{0,6}[〔\[（(]\d{4}[〕\]）)]\s*\d+\s*号")
TOLD = re.compile(r"共\s*(\d+)\s*天")
WEEKDAY = re.compile(rf"(?:周|星期)([{WEEK}])")
LONGEST = 6_000  # characters of a notice


def read_words(text: str, source: str, version: int) -> YearNotice:
    """The arrangement that the words tell. Raises Refusal naming what does not fit together."""
    found = YEAR.search(text)
    if found is None:
        raise Refusal("没有看出是哪一年的通知，请连同标题一起粘贴。")
    year = int(found[1])
    days: dict[date, Exceptional] = {}
    for name, body in ITEM.findall(text):
        for day, special in _days_of(name.strip(), body, year):
            if days.setdefault(day, special) != special:
                raise Refusal(f"{day}在通知里出现了两次，一次放假，一次上班，请检查。")
    if not any(special.kind is DayKind.HOLIDAY for special in days.values()):
        raise Refusal("没有看出放假的日期，请粘贴通知中“一、元旦：……”起的全部条目。")
    try:
        check_days(year, days)
    except ValueError as error:
        raise Refusal(f"{error}，请检查。") from None
    named = NUMBER.search(text)
    return YearNotice(year, version, source.strip() or (named[0] if named else ""), days)


def _days_of(name: str, body: str, year: int) -> Iterator[tuple[date, Exceptional]]:
    """What one item says of its days, sentence by sentence."""
    for sentence in re.split(r"[。；;]", body):
        if "上班" in sentence:
            month = 0
            for found in DAY.finditer(sentence):
                day = _day(found.groups(), year, month)
                month = day.month
                if day.weekday() < 5:
                    raise Refusal(f"{day}不是周末，不会是调休上班的日子，请检查。")
                yield day, Exceptional(DayKind.MAKEUP, name)
        elif "放假" in sentence:
            yield from _holidays(name, sentence, year)


def _holidays(name: str, sentence: str, year: int) -> Iterator[tuple[date, Exceptional]]:
    told, total = TOLD.search(sentence), 0
    for found in SPAN.finditer(sentence):
        first = _day(found.groups()[1:5], year, 0)
        last = first
        if found["last"]:
            last = _day(found.groups()[6:10], first.year, first.month)
        if not 0 <= (last - first).days < LONGEST_HOLIDAY:
            raise Refusal(f"{name}的放假日期{first}至{last}有误，请检查。")
        total += (last - first).days + 1
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset), Exceptional(DayKind.HOLIDAY, name)
    if told and int(told[1]) != total:
        raise Refusal(f"{name}写的是共{told[1]}天，按日期数是{total}天，请检查。")


def _day(parts: tuple[str | None, ...], year: int, month: int) -> date:
    """One day as written; the year and month before it hold on. Its weekday must be right."""
    written = f"{parts[0] or year}年{parts[1] or month}月{parts[2]}日"
    try:
        day = date(int(parts[0] or year), int(parts[1] or month), int(parts[2] or 0))
    except ValueError:
        raise Refusal(f"没有“{written}”这一天，请检查。") from None
    weekday = WEEKDAY.search(parts[3] or "")
    if weekday and weekday[1] != WEEK[day.weekday()]:
        raise Refusal(f"{written}是星期{WEEK[day.weekday()]}，写的是{weekday[0]}，请检查。")
    return day
