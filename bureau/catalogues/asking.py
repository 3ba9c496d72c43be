"""The library opened by itself, for commands: no Redis, no WeChat, reference data made sure of."""

from collections.abc import Iterator
from contextlib import contextmanager

from bureau.catalogues.reference import ensure_reference
from core.clock import Clock, SystemClock
from core.db import Database
from core.migrating import require_newest
from core.settings import Settings
from knowledge.library import Library


@contextmanager
def opened_catalogue(settings: Settings) -> Iterator[tuple[Database, Clock]]:
    """The database with its reference data; an absent one is made, an old one refused (Unready)."""
    database = Database(settings.database_url, pool_size=2)
    clock = SystemClock(None if settings.production else settings.clock_file)
    try:
        require_newest(database)
        with database.write() as db:
            ensure_reference(db, clock.now())
        yield database, clock
    finally:
        database.close()


@contextmanager
def opened_library(settings: Settings) -> Iterator[tuple[Library, Clock]]:
    """The library over that database."""
    with opened_catalogue(settings) as (database, clock):
        library = Library.open(database, settings)
        try:
            yield library, clock
        finally:
            library.close()
