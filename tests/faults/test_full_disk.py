"""The disk is full: questions are answered, a letter is refused in words, and all is well after.

Needs a small file system of its own, which only root of a real machine may mount.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.citizens import Line
from tests.house_at_work import House, house_at_work, ready
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.tmpfs]
SIZE = "96m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave not a byte; the file that takes the room."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return path


def submit(line: Line, writer: str) -> str:
    """Write a letter and hand it in; everything that was said."""
    said = line.say(writer, "建议 公园里加几盏灯。").text
    return said + line.say(writer, "1").text


def test_a_full_disk_is_lived_through(small_disk: Path) -> None:
    with house_at_work(small_disk) as house:
        line = Line(house)
        assert "编号" in submit(line, "oBefore")
        filler = fill(small_disk)
        for turn in range(5):
            heard = line.once(f"oDuring{turn}", "护照多少钱")
            assert heard.status == 200
            assert heard.text
        assert "查询码" not in submit(line, "oLetterDuring")
        filler.unlink()
        until(lambda: ready(house), within_s=15)
        until(lambda: "查询码" in submit(line, "oAfter"), within_s=15, every_s=1)
        assert letters(house) >= 2


def letters(house: House) -> int:
    return house.flask("feedback", "list", "--json").stdout.count('"number"')
