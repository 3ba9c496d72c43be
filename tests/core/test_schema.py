"""An absent database is made, an older one refused with the command to run."""

from pathlib import Path

import pytest
from sqlalchemy import text

from core.db import Database
from core.errors import Unready
from core.migrating import require_newest, upgrade
from core.schema import current_version, is_absent, newest_version


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'empty.db'}")


def test_an_absent_database_is_made(empty: Database) -> None:
    assert is_absent(empty)
    require_newest(empty)
    assert current_version(empty) == newest_version()
    assert not is_absent(empty)
    empty.close()


def test_upgrading_twice_does_nothing_the_second_time(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    assert current_version(empty) == newest_version()
    empty.close()


def test_an_older_database_is_refused_with_the_command_to_run(each_database: Database) -> None:
    with each_database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Unready, match="flask db upgrade"):
        require_newest(each_database)
