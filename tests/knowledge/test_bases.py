"""Document numbers as bureaus write them, and which row cites which document."""

import pytest

from knowledge.bases import bases_of, cites, number_of, numbers_in

WRITTEN = [
    ("财税〔2018〕37号", "财税〔2018〕37号"),
    (" 财税 [2018] 37 号 ", "财税〔2018〕37号"),
    ("财税（２０１８）３７号", "财税〔2018〕37号"),
    ("财税【2018】第37号", "财税〔2018〕37号"),
    ("财政部令80号", "财政部令第80号"),
    ("国令第711号", "国务院令第711号"),
    ("财政部公告2023年第8号", "财政部公告2023年第8号"),
    ("财税2018年37号文", ""),
    ("收费标准", ""),
    ("财税〔2018〕37号、财税〔2018〕39号", ""),
]


@pytest.mark.parametrize(("said", "meant"), WRITTEN)
def test_one_document_has_one_spelling(said: str, meant: str) -> None:
    assert number_of(said) == meant


def test_a_chain_is_a_list_and_a_shared_office_is_written_out() -> None:
    text = "财综〔2011〕115号、116号，国令60号、448号修订；见财政部公告2023年第8号"
    assert numbers_in(text)[:4] == (
        "财综〔2011〕115号", "财综〔2011〕116号", "国务院令第60号", "国务院令第448号",
    )  # fmt: skip
    assert cites(numbers_in(text), "财政部公告2023年第8号")


def test_prose_before_a_number_is_not_part_of_it_but_another_office_is() -> None:
    document = "发改价格〔2017〕1186号"
    assert cites(numbers_in("经发改价格〔2017〕1186号重申"), document)
    assert cites(numbers_in("残疾人保障法发改价格〔2017〕1186号"), document)
    assert not cites(numbers_in("鲁发改价格〔2017〕1186号"), document)
    assert not cites(numbers_in("发改价格〔2017〕118号"), document)


def test_a_faq_cites_in_its_answer_and_its_source() -> None:
    fields = {"answer": "按财税〔2018〕37号减半。", "legal_basis": "财税〔2000〕1号"}
    found = bases_of("faq", "鲁财税〔2026〕8号", fields)
    assert cites(found, "财税〔2018〕37号")
    assert cites(found, "鲁财税〔2026〕8号")
    assert not cites(found, "财税〔2000〕1号")
