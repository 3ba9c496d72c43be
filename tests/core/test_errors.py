"""Refusals carry their sentence; failures carry a number."""

import re

from core.errors import Forbidden, IllegalMove, NotFound, Refusal, incident_number


def test_a_refusal_says_its_sentence() -> None:
    assert NotFound("没有找到这封来信").say == "没有找到这封来信"
    assert str(Refusal("请稍后再试")) == "请稍后再试"


def test_each_refusal_has_its_status() -> None:
    assert [kind.status for kind in (Refusal, Forbidden, NotFound, IllegalMove)] == [
        400,
        403,
        404,
        409,
    ]


def test_incident_numbers_can_be_read_out() -> None:
    numbers = {incident_number() for _ in range(100)}
    assert len(numbers) == 100
    assert all(re.fullmatch(r"[0-9A-F]{8}", number) for number in numbers)
