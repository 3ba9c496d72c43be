"""A chat with the whole house behind it."""

from collections.abc import Iterator

import pytest

from bureau.office import Office
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.talking import Person, open_chat


@pytest.fixture
def library(office: Office) -> Iterator[Library]:
    library = Library.open(office.database, office.settings)
    yield library
    library.close()


@pytest.fixture
def person(office: Office, library: Library, clock: FixedClock) -> Iterator[Person]:
    person = open_chat(office, library, clock)
    yield person
    person.pipeline.close()
