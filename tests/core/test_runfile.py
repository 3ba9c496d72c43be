"""run.json and the keys beside it: whole or not at all, and for their owner alone."""

import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from core.runfile import Running, private_key, read_run, write_private, write_run


def test_a_living_house_is_found(tmp_path: Path) -> None:
    running = Running(os.getpid(), "unix:///a.sock", 8000, 8001)
    write_run(tmp_path, running)
    assert read_run(tmp_path) == running


def test_a_dead_house_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    write_run(tmp_path, Running(gone.pid, "unix:///a.sock", 8000, 8001))
    assert read_run(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "port": 1}'])
def test_a_spoilt_file_is_no_house(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert read_run(tmp_path) is None


def test_no_file_is_no_house(tmp_path: Path) -> None:
    assert read_run(tmp_path) is None


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    write_run(tmp_path, Running(1, "", 1, 2))
    private_key(tmp_path, "secret_key")
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "数据" / "var"
    key = private_key(folder, "data_key")
    assert len(key) >= 32
    assert private_key(folder, "data_key") == key


def test_many_who_start_together_share_one_key(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    keys: list[str] = []

    def start() -> None:
        together.wait(5)
        keys.append(private_key(tmp_path, "secret_key"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_replacing_leaves_no_draft_behind(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    write_private(file, "one")
    write_private(file, "two")
    assert file.read_text() == "two"
    assert list(tmp_path.iterdir()) == [file]
