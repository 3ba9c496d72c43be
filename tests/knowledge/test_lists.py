"""A list by status is answered as a list; whatever names a matter is no list."""

import pytest

from knowledge.kinds import LABELS
from knowledge.lists import list_asked
from knowledge.text import normalise, without_fillers
from tests.knowledge.conftest import Citizen

ASKED = [
    ("哪些基金取消了", "fund", "abolished"),
    ("停征的政府性基金都有哪些？", "fund", "abolished"),
    ("请问已经取消的收费有哪些", "fee", "abolished"),
    ("现在还有哪些政府性基金", "fund", "current"),
    ("有哪些收费项目", "fee", "current"),
    ("免征的收费有哪些", "fee", "exempt"),
]


@pytest.mark.parametrize(("text", "kind", "status"), ASKED)
def test_a_list_is_known_by_its_kind_and_status(text: str, kind: str, status: str) -> None:
    found = list_asked(without_fillers(normalise(text)))
    assert found is not None
    assert (found.kind, found.status) == (kind, status)


@pytest.mark.parametrize(
    "text", ["代理记账收费有哪些材料", "护照收费标准", "基金取消了怎么退", "收费目录在哪看", "基金"]
)
def test_a_question_about_a_matter_is_no_list(text: str) -> None:
    assert list_asked(without_fillers(normalise(text))) is None


def test_the_abolished_funds_are_listed_and_a_number_picks_one(citizen: Citizen) -> None:
    said = citizen.says("哪些基金停征了")
    assert said.outcome == "answer"
    card = said.cards[0]
    assert card.title == LABELS["fund"]
    assert any("港口建设费" in line for line in card.lines)
    assert not any("铁路建设基金" in line for line in card.lines)
    assert card.path == "/funds/"
    assert said.keep.ids[0] == said.hits[0].id


def test_a_long_list_says_how_many_there_are(citizen: Citizen) -> None:
    lines = citizen.says("现在有哪些收费").cards[0].lines
    assert "其余" in lines[-2]
    assert len("\n".join(lines).encode()) < 2_048
