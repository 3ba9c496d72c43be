"""The words of a notice become the days they tell, and a slip in them is named."""

from datetime import date

import pytest

from bureau.workdays.calendar import DayKind, WorkCalendar
from bureau.workdays.table import SEEDS, apply, load, read_notice
from bureau.workdays.wording import read_words
from core.db import Database
from core.errors import Refusal
from tests.workdays.test_counting import NOW

# As announced; the numbers of the documents stand in the first line.
OF_2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""
OF_2025 = """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""
OF_2024 = """国务院办公厅关于2024年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""
OF_2019 = """国务院办公厅关于2019年部分节假日安排的通知
一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""
NOTICES = {2019: OF_2019, 2024: OF_2024, 2025: OF_2025, 2026: OF_2026}


@pytest.mark.parametrize("year", NOTICES)
def test_the_words_give_the_working_days_of_the_table(year: int) -> None:
    read = read_words(NOTICES[year], "文号", 1)
    seed = read_notice(SEEDS / f"{year}.json")
    ours, theirs = (WorkCalendar(days, frozenset({year})) for days in (read.days, seed.days))
    day = date(year, 1, 1)
    while day.year == year:
        assert ours.is_workday(day) == theirs.is_workday(day), day
        day = date.fromordinal(day.toordinal() + 1)
    worked = [d for d, x in read.days.items() if x.kind is DayKind.MAKEUP and d.year == year]
    assert sorted(worked) == [d for d, x in sorted(seed.days.items()) if x.kind is DayKind.MAKEUP]


def test_the_number_of_the_document_is_found_and_a_given_one_comes_first() -> None:
    assert read_words(OF_2026, "", 3).source == "国办发明电〔2025〕7号"
    assert read_words(OF_2026, " 另一文号 ", 3).source == "另一文号"


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("1月4日（周日）上班", "1月4日（周六）上班", "2026年1月4日是星期日，写的是周六"),
        ("1月4日（周日）上班", "1月5日上班", "不是周末"),
        ("至23日（农历正月初七、周一）", "至22日", "写的是共9天，按日期数是8天"),
        ("至3日（周六）放假调休，共3天", "至30日放假", "放假日期2026-01-01至2026-01-30有误"),
        ("6月19日（周五）", "6月31日", "没有“2026年6月31日”这一天"),
        ("1月4日（周日）上班", "2月15日（周日）上班", "出现了两次"),
        ("6月19日（周五）至21日（周日）", "2024年6月8日至10日", "不属于2026年"),
        (OF_2026, "明年怎么放假", "没有看出是哪一年"),
        (OF_2026, "2026年照常放假", "没有看出放假的日期"),
    ],
)
def test_a_slip_is_named(right: str, wrong: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_words(OF_2026.replace(right, wrong), "文号", 1)


def test_a_holiday_that_begins_in_the_year_before_moves_with_its_notice(
    database: Database,
) -> None:
    with database.write() as db:
        apply(db, read_words(OF_2019, "第一版", 1), NOW)
        assert not load(db).is_workday(date(2018, 12, 31))
        assert load(db).is_workday(date(2018, 12, 29))
        shorter = OF_2019.replace("2018年12月30日至2019年1月1日放假调休，共3天", "1月1日放假")
        shorter = shorter.replace("2018年12月29日（星期六）上班", "")
        apply(db, read_words(shorter, "第二版", 2), NOW)
        assert load(db).is_workday(date(2018, 12, 31))
        assert not load(db).is_workday(date(2018, 12, 29))
