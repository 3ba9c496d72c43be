"""Sample content: made once by the product's own verbs, complete, and taken out without a trace."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, inspect, select, text

from bot.followers import audience
from bot.outbound.models import Delivery, Push
from bot.outbound.states import DeliveryState, PushState
from bureau.catalogues import bases, rehearsal
from bureau.disclosures.models import Disclosure
from bureau.feedback import chain
from bureau.feedback.models import Ticket
from bureau.feedback.states import State
from bureau.inquiries import answering
from bureau.inquiries.models import Inquiry
from bureau.office import Office
from bureau.staff.models import Audit, StaffAlert
from core.db import Database
from core.schema import is_declared
from core.settings import Settings
from knowledge.library import Library
from knowledge.models import Batch
from ops import departures
from ops.opening import open_office
from ops.seeding import answers
from ops.seeding.reference import load_reference, open_doors
from ops.seeding.samples import LOADED, clear_samples, load_samples

pytestmark = pytest.mark.slow
KEPT = {"ticket_serials", "audit", "offices", "clerks", "knowledge_version"}


def rows(office: Office) -> Counter[str]:
    """How many rows each table has."""
    with office.database.read() as db:
        names = [n for n in inspect(db.connection()).get_table_names() if is_declared(n, "table")]
        return Counter({n: db.scalar(text(f'SELECT count(*) FROM "{n}"')) or 0 for n in names})


@pytest.fixture(scope="module")
def seeded_file(
    migrated_file: Path, redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A database with samples, made once; the tests work on copies of it."""
    folder = tmp_path_factory.mktemp("seeded")
    path = shutil.copy(migrated_file, folder / "yangguang.db")
    settings = Settings(
        data_dir=folder, database_url=f"sqlite:///{path}", redis_url=redis_server, data_key="k" * 43
    )
    made = open_office(settings)
    now = made.clock.now()
    load_reference(made, now)
    open_doors(made, now)
    assert load_samples(made, now)
    made.redis.close()
    made.database.close()
    return Path(path)


@pytest.fixture
def seeded(office: Office, seeded_file: Path, tmp_path: Path) -> Iterator[Office]:
    path = shutil.copy(seeded_file, tmp_path / "seeded.db")
    database = Database(f"sqlite:///{path}")
    yield replace(office, database=database)
    database.close()


def test_three_months_of_work_are_there(seeded: Office) -> None:
    with seeded.database.read() as db:
        assert db.scalar(select(func.count(Disclosure.id))) == 30
        assert db.scalar(select(func.count(Ticket.id))) == 41
        assert db.scalar(select(func.count(Inquiry.id))) == 300
        assert set(db.scalars(select(Push.state))) == {PushState.DONE}
        assert set(db.scalars(select(Ticket.state))) == {state.value for state in State}
        outcomes = set(db.scalars(select(Inquiry.outcome)))
        assert outcomes == {"answer", "choose", "unknown"}


def test_looking_after_the_answers_can_be_tried(seeded: Office) -> None:
    """An answer whose document ended, a cluster being answered, a list that loses an answer."""
    with seeded.database.read() as db:
        assert [one.key for one in bases.to_review(db)] == ["sample-faq-hall"]
        assert len(answering.promised(db)) == 1
        number = db.scalars(select(Batch.id).where(Batch.file_name == answers.LIST)).one()
    library = Library.open(seeded.database, seeded.settings)
    today, change = seeded.clock.now().date(), rehearsal.releasing(number)
    found = rehearsal.rehearse(library, seeded.database, today, change)
    card = library.ask("财政文化展厅参观要预约吗", today=today).cards[0]
    library.close()
    assert found.right == found.asked > 50
    assert [one.text for one in found.lost] == ["普通高中学费标准"]
    assert "依据已失效，正在复核" in "".join(card.lines)


def test_what_was_sent_has_receipts_and_nobody_is_left_to_be_told(seeded: Office) -> None:
    with seeded.database.read() as db:
        delivered = select(func.count(Delivery.id)).where(Delivery.delivered_at.is_not(None))
        assert (db.scalar(delivered) or 0) > 100
        ended = {DeliveryState.SENT, DeliveryState.SUPPRESSED}
        assert set(db.scalars(select(Delivery.state))) <= ended
        assert audience.count(db, "budget") == 0
        assert db.scalar(select(func.count(StaffAlert.id))) == 0


def test_the_history_of_every_ticket_is_whole(seeded: Office) -> None:
    with seeded.database.read() as db:
        for ticket in db.scalars(select(Ticket)):
            assert chain.broken_at(chain.events(db, ticket)) is None


def test_samples_are_loaded_once_and_not_again_after_clearing(seeded: Office) -> None:
    now = seeded.clock.now()
    before = rows(seeded)
    assert load_samples(seeded, now) == ""
    assert rows(seeded) == before
    clear_samples(seeded, now)
    assert load_samples(seeded, now) == ""


def test_clearing_takes_out_the_samples_and_nothing_else(office: Office, seeded: Office) -> None:
    now = office.clock.now()
    load_reference(office, now)
    open_doors(office, now)
    departures.settle(seeded)  # the worker has been at its rounds meanwhile
    assert clear_samples(seeded, now) > 1000
    plain, cleared = rows(office), rows(seeded)
    different = {name for name in plain | cleared if plain[name] != cleared[name]}
    assert different <= KEPT
    assert load_samples(seeded, now, again=True)


def test_an_interrupted_loading_begins_anew(seeded: Office) -> None:
    with seeded.database.write() as db:
        db.execute(delete(Audit).where(Audit.action == LOADED))
    assert load_samples(seeded, seeded.clock.now())
    with seeded.database.read() as db:
        assert db.scalar(select(func.count(Disclosure.id))) == 30
