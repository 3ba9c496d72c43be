"""The disk is full: people are answered, what was acknowledged is there, and all goes on after."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.census import everyone, find, whole
from tests.faults.citizens import RECEIPT, Line
from tests.faults.crowd import require_kept
from tests.faults.small_disk import full, small_disk
from tests.house_at_work import House, house_at_work
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.tmpfs]
SETTINGS = {"SEED": "0", "WEB_WORKERS": "1"}
PEOPLE = itertools.count(1)


def someone() -> str:
    """A person nobody has met."""
    return f"oDisk{next(PEOPLE):06d}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose DATA_DIR is a small disk of its own."""
    with small_disk(tmp_path_factory.mktemp("disk") / "data") as folder:
        with house_at_work(folder, **SETTINGS) as house:
            yield house
        assert everyone(house) == []


def test_a_full_disk_is_survived_and_everything_acknowledged_is_kept(house: House) -> None:
    line, writer = Line(house), someone()
    line.say(writer, "建议 请公开停车收费")
    before = {openid: line.hand_in(openid) for openid in (someone(), someone())}
    with full(Path(house.env["DATA_DIR"])):
        asked = [line.once(someone(), f"护照多少钱 {number}") for number in range(10)]
        refused = line.once(writer, "1")
        find(house, "worker").kill()  # the launcher has something to write down, and cannot
        until(lambda: find(house, "worker"), within_s=5)
    assert all(one.text for one in asked)
    assert refused.status == 200
    assert "请告知编号" in refused.text, "a failure of ours has its number"
    assert RECEIPT.search(refused.text) is None
    until(line.serves, within_s=5)
    receipt = RECEIPT.search(line.say(writer, "1").text)
    assert receipt
    require_kept(house, {**before, writer: receipt[1]})
    until(lambda: whole(house), within_s=20, every_s=0.3)
