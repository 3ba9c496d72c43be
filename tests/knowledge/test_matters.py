"""Several matters in one message: each is answered as if it were asked alone."""

import pytest

from handlers.answers import compose
from knowledge.library import Library
from knowledge.matters import joined_in, parts_of
from tests.knowledge.conftest import TODAY

BASE = "https://example.gov.cn"


@pytest.mark.parametrize(
    ("message", "keys"),
    [
        ("行驶证和摩托车牌照各收多少钱", {"fee-032", "fee-029"}),
        ("护照、驾驶证工本费分别多少", {"fee-001", "fee-034"}),
        ("护照跟港澳通行证都要多少钱", {"fee-001", "fee-005"}),
        ("教育费附加与文化事业建设费怎么算", {"fund-11", "fund-13"}),
        ("多少钱？护照和机动车登记证书", {"fee-001", "fee-033"}),
        ("护照要多少钱，驾驶证呢", {"fee-001", "fee-034"}),
        ("护照驾驶证各收多少钱", {"fee-001", "fee-034"}),
        ("护照和驾驶证", {"fee-001", "fee-034"}),
        ("护照、港澳通行证、驾驶证收多少钱", {"fee-001", "fee-005", "fee-034"}),
    ],
)
def test_matters_named_together_share_what_is_asked(
    library: Library, message: str, keys: set[str]
) -> None:
    answered = library.ask(message, today=TODAY)
    assert answered.outcome == "answer"
    assert {card.id for card in answered.cards} == keys
    assert answered.slot == "fee"


def test_each_of_two_guides_tells_its_papers(library: Library) -> None:
    cards = library.ask("会计信息采集和政府采购投诉要什么材料", today=TODAY).cards
    assert {card.id for card in cards} == {"guide-09", "guide-15"}
    assert all(any(line.startswith("申请材料") for line in card.lines) for card in cards)


@pytest.mark.parametrize(
    "message",
    ["会计师事务所和分支机构设立要什么材料", "会计师事务所及分支机构设立审批怎么办"],
)
def test_a_name_with_and_in_it_is_one_matter(library: Library, message: str) -> None:
    answered = library.ask(message, today=TODAY)
    assert [card.id for card in answered.cards] == ["guide-06"]


@pytest.mark.parametrize(
    ("message", "key"), [("我和爱人办护照多少钱", "fee-001"), ("跟对方打离婚官司收多少", "fee-061")]
)
def test_company_is_no_second_matter(library: Library, message: str, key: str) -> None:
    answered = library.ask(message, today=TODAY)
    assert answered.hits[0].id == key
    assert len(answered.cards) <= 1


def test_a_matter_of_others_beside_ours_gets_its_department(library: Library) -> None:
    answered = library.ask("护照和公司注册都要什么材料", today=TODAY)
    reply = compose(answered, BASE)
    assert [card.id for card in answered.cards] == ["fee-001"]
    assert "“公司注册要什么材料”不归财政部门管，请问市场监督管理局" in reply


def test_two_matters_of_others_get_a_department_each(library: Library) -> None:
    answered = library.ask("社保和医保怎么交", today=TODAY)
    reply = compose(answered, BASE)
    assert answered.outcome == "unknown"
    assert "人力资源和社会保障局" in reply
    assert "医疗保障局" in reply


def test_sisters_named_side_by_side_are_both_said(library: Library) -> None:
    cards = library.ask("住宅和非住宅的不动产登记费是多少", today=TODAY).cards
    assert {card.id for card in cards} == {"fee-041", "fee-042"}


def test_a_comma_joins_only_names_that_are_known() -> None:
    known = {"护照", "驾驶证"}
    assert parts_of("护照 驾驶证多少钱", known) == ["护照多少钱", "驾驶证多少钱"]
    assert parts_of("我要出国 护照多少钱", known) == []


@pytest.mark.parametrize(
    ("names", "message"),
    [("会计师事务所及其分支机构", "事务所和分支机构"), ("广播和电视", "广播与电视")],
)
def test_another_word_for_and_is_still_the_same_name(names: str, message: str) -> None:
    assert joined_in(names, message)
    assert not joined_in(names, "护照和驾驶证")
