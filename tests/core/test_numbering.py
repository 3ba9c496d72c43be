"""Numbers that survive the telephone."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.numbering import (
    ALPHABET,
    CHECK,
    NUMBER,
    check_character,
    is_number,
    make_number,
    secret_code,
)

PREFIXES = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
NUMBERS = st.builds(
    make_number, PREFIXES, st.integers(2000, 2099), st.integers(min_value=1, max_value=999_999)
)


@given(NUMBERS)
def test_every_number_made_is_a_number(number: str) -> None:
    assert NUMBER.fullmatch(number)
    assert is_number(number)


@given(NUMBERS, st.data())
def test_one_wrong_character_is_found(number: str, data: st.DataObject) -> None:
    places = [place for place, letter in enumerate(number) if letter in CHECK]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(CHECK))
    assume(wrong != number[place])
    assert not is_number(number[:place] + wrong + number[place + 1 :])


def test_two_neighbours_swapped_are_nearly_always_found() -> None:
    """MOD 37,36 lets 2 swaps in 1 000 pass: a state of 36 and two letters can meet again."""
    found = missed = 0
    for serial in range(1, 3000):
        number = make_number("JY", 2026, serial)
        for swapped in swaps(number):
            found, missed = (found, missed + 1) if is_number(swapped) else (found + 1, missed)
    assert found > 10_000
    assert missed / found < 0.005


def swaps(number: str) -> list[str]:
    """The number with each two different neighbours swapped, dashes passed over."""
    places = [place for place, letter in enumerate(number) if letter in CHECK]
    pairs = [(one, two) for one, two in pairwise(places) if number[one] != number[two]]
    return [
        "".join(
            [*number[:one], number[two], *number[one + 1 : two], number[one], *number[two + 1 :]]
        )
        for one, two in pairs
    ]


def test_the_number_of_the_contract_has_its_shape() -> None:
    assert re.fullmatch(r"JY26-0007-[0-9A-Z]", make_number("JY", 2026, 7))
    assert make_number("JY", 2026, 12_345).startswith("JY26-12345-")


def test_the_check_character_is_the_standards() -> None:
    """ISO/IEC 7064 MOD 37,36: the example of ISO 15524 for MOD 37,36 systems, A12425GABC1234002."""
    assert check_character("A12425GABC1234002") == "M"


@pytest.mark.parametrize(
    "text", ["", "JY26-0007", "jy26-0007-K", "JY26-0007-KK", "JY26-7-K", "JY２６-0007-K", "'; --"]
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not is_number(text)


def test_secret_codes_are_long_random_and_easy_to_read() -> None:
    codes = {secret_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 10 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("ILOU") & set(ALPHABET)
