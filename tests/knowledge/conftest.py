"""One library with the sample catalogues for all tests of this room: it is never changed."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bureau.catalogues import reference
from core.db import Database
from core.settings import Settings
from knowledge.answered import Answered, Kept
from knowledge.library import Library
from tests.clocks import FixedClock

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def shelves(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Settings]]:
    """A database with the word lists and the sample catalogues."""
    folder = tmp_path_factory.mktemp("shelves")
    shutil.copy(migrated_file, folder / "y.db")
    database = Database(f"sqlite:///{folder / 'y.db'}")
    now = FixedClock().now()
    with database.write() as db:
        reference.ensure_reference(db, now)
        reference.load_samples(db, now)
    yield database, Settings(data_dir=folder)
    database.close()


@pytest.fixture(scope="session")
def library(shelves: tuple[Database, Settings]) -> Iterator[Library]:
    opened = Library.open(*shelves)
    yield opened
    opened.close()


class Citizen:
    """Asks one thing after another, as a person does in one conversation."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._keep: Kept | None = None

    def says(self, text: str) -> Answered:
        answered = self._library.ask(text, today=TODAY, keep=self._keep)
        self._keep = answered.keep
        return answered


@pytest.fixture
def citizen(library: Library) -> Citizen:
    return Citizen(library)
