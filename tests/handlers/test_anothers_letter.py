"""A number alone opens nothing in the chat, whatever is said with it."""

import pytest

from bureau.feedback import ratings, replies, search
from bureau.office import Office
from bureau.staff import accounts, demo, offices
from bureau.workdays import table
from tests.feedback.making import clerk
from tests.handlers.test_suggestion import hand_in
from tests.talking import Person

SAID = "戊标记的正文"
ANSWER = "己标记的答复"


@pytest.fixture
def number(person: Person, office: Office) -> str:
    """An answered letter of somebody else."""
    now = office.clock.now()
    with office.database.write() as db:
        table.load_seed(db, now)
        offices.load_samples(db)
        demo.ensure_demo(db, now)
    given = hand_in(person, SAID)
    with office.database.write() as db:
        replies.answer(db, search.one(db, given), ANSWER, clerk(db, "general_office"), now)
    return given


@pytest.mark.parametrize("bound", ["", "handler", "drafter", "liaison"])
def test_nothing_that_another_person_says_opens_or_moves_it(
    person: Person, office: Office, number: str, bound: str
) -> None:
    other = person.other("oOTHER")
    if bound:
        with office.database.write() as db:
            member = clerk(db, bound)
            member.openid = "oOTHER"
            member.office_id = accounts.office_by_slug(db, "budget").id
    for words in (
        *(
            number,
            number.lower(),
            f"进度 {number}",
            f"进度 {number} AAAAAAAAAA",
            f"进度{number}续2",
        ),
        *(
            f"评价 {number}",
            f"评价{number}非常不满意",
            f"回复 {number} 我来答复",
            "1",
            "进度",
            "评价",
        ),
        *(f"建议 {number}", "1", f"查一下{number}", f"人工 {number}"),
    ):
        heard = other.say(words)
        assert SAID not in heard, words
        assert ANSWER not in heard, words
    with office.database.read() as db:
        found = search.one(db, number)
        assert found.state == "answered"
        assert ratings.all_of(db, found) == []
        assert len(replies.of(db, found)) == 1
    assert ANSWER in person.say(f"进度 {number}")
