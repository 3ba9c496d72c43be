"""Words are found in letters by an index that comes, changes and goes with their text."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from bureau.feedback import rights, search, splitting, words
from bureau.feedback.models import Ticket
from bureau.feedback.search import Filters
from core.db import Database
from tests.feedback.making import BOX, CITIZEN, NOW, clerk, hand_in, make_house

pytestmark = pytest.mark.thorough

TEXTS = (
    "窗口的POS机刷不了卡，50%_的人只好回家",
    "建议把收费目录做成一张表，方便群众查询。",
    "目录收费不清楚：費用表裡写的是𠮷，不是吉\n第二行",
    "龘",
)


def found(db_: Database, asked: str, **more: object) -> set[str]:
    with db_.read() as db:
        rows, _ = search.listed(db, Filters(words=asked, **more), NOW.date(), size=50)  # type: ignore[arg-type]
    return {row.text for row in rows}


def named(db: Session, asked: str) -> list[int]:
    """The ids that the index names."""
    ids = words.perhaps_in(db, asked)
    assert ids is not None
    return list(db.scalars(ids))


@pytest.fixture
def filled(each_database: Database) -> Database:
    with each_database.write() as db:
        make_house(db)
        for n, text in enumerate(TEXTS):
            hand_in(db, f"m{n}", text=text, openid=f"o{n}")
    return each_database


def test_words_are_found_wherever_they_stand(filled: Database) -> None:
    for asked in (
        "龘",
        "收费目录",
        "录",
        "pos机",
        "POS",
        "50%_",
        "𠮷",
        "吉\n第",
        "查询。",
        " 50%_ ",
    ):
        plain = asked.strip().lower()
        assert found(filled, asked) == {t for t in TEXTS if plain in t.lower()}, asked
    for asked in ("收费表", "录收目", "%%", "靐", '"', "*", "' OR 1", "龘龘"):
        assert found(filled, asked) == set(), asked


def test_an_open_list_and_the_whole_list_find_the_same(filled: Database) -> None:
    assert found(filled, "目录", open_only=True) == found(filled, "目录")
    assert found(filled, "目录", overdue=True) == set()


def test_words_of_an_emptied_letter_are_found_no_more(filled: Database) -> None:
    with filled.write() as db:
        ticket = search.one(db, search.everything(db)[0].number)
        rights.withdraw(db, ticket, "o0", NOW)
        rights.erase(db, "o0", NOW)
    with filled.read() as db:
        assert named(db, "POS机") == []
        assert named(db, "本人要求") == [ticket.id]
    with filled.write() as db:
        part = splitting.split(
            db, search.everything(db)[1], ["罕见的事"], clerk(db, "general_office"), NOW
        )[0]
    with filled.read() as db:
        assert named(db, "罕见") == [part.id]


def test_words_that_stand_in_too_many_letters_are_read_along_the_list(
    filled: Database,
) -> None:
    with filled.read() as db:
        assert words.perhaps_in(db, "目录", most=1) is None
        assert words.perhaps_in(db, "目录", most=2) is not None
        assert len(named(db, "目录")) == 2


def test_of_too_many_the_newest_are_found(database: Database) -> None:
    most = words.MOST
    with database.write() as db:
        db.bulk_save_objects([a_row(n, "建议第几件") for n in range(most + 1)])
    with database.read() as db:
        assert words.perhaps_in(db, "建议") is None
        rows, total = search.listed(db, Filters(words="建议"), NOW.date(), size=3)
    newest = [most, most - 1, most - 2]
    assert (total, [row.serial for row in rows]) == (search.FOUND_AT_MOST, newest)


ANY = some.text(some.sampled_from("收费目录建议aB%_\\'\"*(^-: 𠮷\n"), min_size=1, max_size=6)


@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=some.lists(ANY, min_size=1, max_size=4), asked=ANY)
def test_whatever_is_asked_the_index_misses_nothing(
    database: Database, texts: list[str], asked: str
) -> None:
    texts = [text.strip() for text in texts if text.strip()]
    with database.write() as db:
        db.query(Ticket).filter(Ticket.openid == CITIZEN).delete()
        for n, text in enumerate(texts):
            db.add(a_row(n, text))
    wanted = asked.strip().lower()
    expected = {text for text in texts if wanted in text.lower()}
    if wanted:
        assert found(database, asked) == expected


def a_row(n: int, text: str) -> Ticket:
    return Ticket(
        number=f"JY26-{n:04}",
        kind="suggestion",
        year=2026,
        serial=n,
        origin="chat",
        openid=CITIZEN,
        text=text,
        name_sealed=BOX.seal(""),
        message_key=f"h{n}",
        code_salt="",
        code_digest="",
        due_on=NOW.date(),
        received_at=NOW,
        last_wrote_at=NOW,
    )
