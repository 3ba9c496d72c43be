"""Words for people: taps that nothing breaks out of, cuts that stay whole, days and hours."""

from datetime import date

import pytest

from core.wording import cut, day_words, hours_words, tap


def test_a_tap_says_its_words() -> None:
    assert tap("进度", "查进度") == (
        '<a href="weixin://bizmsgmenu?msgmenucontent=进度&msgmenuid=1">查进度</a>'
    )


def test_nothing_breaks_out_of_a_tap() -> None:
    inside = tap('"><a href="x">', "a&b</a>").removeprefix("<a ").removesuffix("</a>")
    assert not {"<", "&b"} & set(inside.split(">")[1])
    assert inside.count('"') == 2


@pytest.mark.parametrize("limit", range(12, 40))
def test_a_cut_text_is_within_its_bytes_and_says_so(limit: int) -> None:
    said = cut("行政事业性收费标准及依据", limit)
    assert len(said.encode()) <= limit
    assert said.endswith("……") or len(said) == 12


def test_a_text_that_fits_is_left_alone() -> None:
    assert cut("收费", 6) == "收费"


def test_a_link_is_never_cut_in_two() -> None:
    text = "费" * 10 + '<a href="http://x.example/long/address">看</a>'
    for limit in range(30, len(text.encode()) + 1):
        assert cut(text, limit).count("<a ") == cut(text, limit).count("</a>")


def test_days_and_hours_are_written_as_people_write_them() -> None:
    assert day_words(date(2026, 3, 2)) == "2026年3月2日"
    assert "暂按" in day_words(date(2026, 3, 2), provisional=True)
    assert hours_words("08:30-12:00,13:30-17:30") == "08:30–12:00、13:30–17:30"
