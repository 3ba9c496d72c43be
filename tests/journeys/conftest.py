"""One house for a module of journeys."""

from collections.abc import Iterator

import pytest

from tests.house_at_work import House, house_at_work


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_at_work(tmp_path_factory.mktemp("house")) as house:
        yield house
