"""How often one hears: at once, once a day, once a week."""

import pytest
from sqlalchemy import select

from bot.followers import topics
from bot.followers.models import Follow
from bureau.office import Office
from tests.talking import Person


@pytest.fixture(autouse=True)
def _reference(office: Office) -> None:
    with office.database.write() as db:
        topics.load_reference(db)


@pytest.mark.parametrize(
    ("words", "pace"), [("每天一次 预决算", "daily"), ("每周一次", "weekly"), ("立即", "now")]
)
def test_how_often_is_said_in_words(person: Person, office: Office, words: str, pace: str) -> None:
    person.say("订阅 预决算")
    assert "预决算" in person.say(words)
    with office.database.read() as db:
        assert db.scalars(select(Follow.pace)).all() == [pace]


def test_how_often_without_a_topic_followed_and_a_question_that_begins_alike(
    person: Person,
) -> None:
    assert "没有订阅" in person.say("每天一次 预决算")
    assert "订阅" not in person.say("立即退税要多久")
