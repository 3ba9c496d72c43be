"""What a command opens before it works, and closes after: settings, a database, an office."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from core.defaults import with_defaults
from core.runfile import read_run
from core.settings import Settings

if TYPE_CHECKING:
    from bureau.office import Office
    from core.db import Database


def read_settings() -> Settings:
    """The settings, completed from the running house or DATA_DIR. Raises Unready.

    Links of a menu and the callback that is checked lead to the house at work, whatever its PORT.
    """
    settings = with_defaults(Settings.from_env())
    running = read_run(settings.data_dir)
    return replace(settings, port=running.port) if running else settings


@contextmanager
def opened_database(settings: Settings | None = None) -> Iterator["Database"]:
    """The database alone, for light commands: an absent one is made, an older one refused."""
    from core.db import Database
    from core.schema import is_absent

    database = Database((settings or read_settings()).database_url, pool_size=2)
    try:
        if is_absent(database):
            from core.migrating import upgrade

            upgrade(database)
        yield database
    finally:
        database.close()


@contextmanager
def opened_office() -> Iterator["Office"]:
    """Every tool of the house, but neither pages nor index."""
    from ops.opening import open_office

    settings = read_settings()
    with opened_database(settings):  # made when absent
        office = open_office(settings)
    try:
        yield office
    finally:
        office.redis.close()
        office.database.close()
