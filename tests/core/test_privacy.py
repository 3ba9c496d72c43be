"""Personal data is sealed at rest and masked in sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.privacy import Box, mask, mask_name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的电话13812345678，谢谢", "我的电话138****5678，谢谢"),
        ("身份证 371302199001011234", "身份证 371302********1234"),
        ("身份证37130219900101123X。", "身份证371302********123X。"),
        ("卡号6222021234567890123", "卡号************0123"),
        ("卡号6222021234567890", "卡号************7890"),
    ],
)
def test_personal_numbers_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    ["收费 120 元", "文号 财税〔2018〕37号", "0539-8312345", "2026-03-02", "JY26-0007-K", ""],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_a_name_shows_its_first_character() -> None:
    assert mask_name("王小明") == "王**"
    assert mask_name("") == ""


@given(st.text(min_size=1))
def test_what_is_sealed_opens_with_the_same_key(text: str) -> None:
    box = Box("one key of the house")
    assert box.open(box.seal(text)) == text
    assert text not in box.seal(text) or len(text) < 3


def test_nothing_stays_nothing() -> None:
    assert Box("key").seal("") == ""
    assert Box("key").open("") == ""


def test_after_a_change_of_key_old_texts_still_open() -> None:
    sealed = Box("old").seal("王小明")
    assert Box("new", previous="old").open(sealed) == "王小明"


def test_a_foreign_key_opens_nothing() -> None:
    sealed = Box("old").seal("王小明")
    with pytest.raises(ValueError, match="DATA_KEY"):
        Box("new").open(sealed)


def test_a_digest_depends_on_the_key() -> None:
    assert Box("a").digest("JY26") == Box("a").digest("JY26")
    assert Box("a").digest("JY26") != Box("b").digest("JY26")
    assert Box("a").digest("JY26") != Box("a").digest("JY27")
