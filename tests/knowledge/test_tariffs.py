"""What an amount comes to over all steps of a tariff; nothing for a rough one or an unread rate."""

import pytest

from handlers.answers import compose
from knowledge.library import Library
from knowledge.numbers import Amount, Span
from knowledge.tariffs import Band, total_said
from tests.knowledge.conftest import TODAY

BASE = "https://example.gov.cn"


@pytest.mark.parametrize(
    ("question", "sum_said"),
    [
        ("35万的借款官司诉讼费多少", "35万元合计：50 + 2250 + 2000 + 2250 = 6550元"),
        ("信息公开申请46件信息处理费怎么收", "46件合计：2000 + 3800 = 5800元"),
        ("信息公开申请20件怎么收费", "20件合计：1000元"),
        ("公开材料复印150页信息处理费多少钱", "150页合计：700 + 1000 = 1700元"),
    ],
)
def test_a_tariff_is_summed_over_its_steps(library: Library, question: str, sum_said: str) -> None:
    answered = library.ask(question, today=TODAY)
    assert sum_said in "\n".join(line for card in answered.cards for line in card.lines)
    assert "以执收单位核定为准" in compose(answered, BASE)


STEPS = (Band(Span("元", 0, 10_000), "每件50元"), Band(Span("元", 10_000, 100_000), "2.5%"))


def test_a_rough_amount_is_not_summed() -> None:
    assert total_said(STEPS, [Amount(52_000, "元")], "五万多的官司") == ""
    assert total_said(STEPS, [Amount(50_000, "元")], "五万的官司").endswith(
        "（以执收单位核定为准）"
    )


def test_a_rate_in_other_words_is_not_summed() -> None:
    unread = (STEPS[0], Band(Span("元", 10_000, 100_000), "由省定"))
    assert total_said(unread, [Amount(50_000, "元")], "五万的官司") == ""


def test_steps_with_a_hole_between_are_not_summed() -> None:
    apart = (STEPS[0], Band(Span("元", 20_000, 100_000), "2.5%"))
    assert total_said(apart, [Amount(50_000, "元")], "五万的官司") == ""
