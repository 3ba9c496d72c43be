"""What is not known is not guessed at: no list for letters, no direct answer for a near miss."""

import pytest

from knowledge.library import Library
from tests.knowledge.conftest import TODAY


@pytest.mark.parametrize("message", ["'; DROP TABLE citizens;--", "qwerty zxcv", "<b>foo bar</b>"])
def test_letters_nobody_knows_get_no_list(library: Library, message: str) -> None:
    answered = library.ask(message, today=TODAY)
    assert (answered.outcome, answered.hits) == ("unknown", ())


def test_letters_that_an_entry_is_called_by_are_read(library: Library) -> None:
    assert library.ask("cpa", today=TODAY).hits[0].id == "guide-14"


def test_a_place_to_look_up_is_no_answer_to_how_to_apply(library: Library) -> None:
    assert library.ask("政府债券额度怎么申报", today=TODAY).outcome != "answer"
    assert library.ask("政府债券信息在哪查", today=TODAY).hits[0].id == "guide-48"
