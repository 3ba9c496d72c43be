"""A chat with the whole house behind it."""

from collections.abc import Iterator

import pytest

from bureau.office import Office
from knowledge.library import Library
from knowledge.tokenizer import Tokenizer
from tests.clocks import FixedClock
from tests.talking import Person, open_chat


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    """The dictionary takes a second to load: once is enough."""
    return Tokenizer(tmp_path_factory.mktemp("jieba"))


@pytest.fixture
def library(office: Office, tokenizer: Tokenizer) -> Iterator[Library]:
    library = Library(office.database, office.settings, tokenizer)
    yield library
    library.close()


@pytest.fixture
def person(office: Office, library: Library, clock: FixedClock) -> Iterator[Person]:
    person = open_chat(office, library, clock)
    yield person
    person.pipeline.close()
