"""One house for a module of faults, with the settings the module names in SETTINGS."""

from collections.abc import Iterator

import pytest

from tests.house_at_work import House, house_at_work


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with house_at_work(tmp_path_factory.mktemp("house"), **request.module.SETTINGS) as house:
        yield house
