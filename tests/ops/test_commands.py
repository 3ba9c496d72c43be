"""The command line as a person meets it: light, with help, sentences on stderr, exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.runfile import Running, write_run
from core.settings import ROOT
from ops.commands.opening import read_settings
from ops.commands.table import COMMANDS

LIGHT_ONLY = "import sys, ops.commands, ops.commands.opening, ops.commands.light_sql"
HEAVY = ("sqlalchemy", "jieba", "numpy", "alembic", "wechatpy", "dramatiq", "aiohttp", "jinja2.ext")


def flask(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(folder), **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_light_command_imports_nothing_heavy() -> None:
    code = f"{LIGHT_ONLY}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_command_of_the_table_has_its_file() -> None:
    missing = [
        module
        for module, _ in COMMANDS.values()
        if not (ROOT / "ops" / "commands" / f"{module}.py").exists()
    ]
    assert missing == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    done = flask(tmp_path, name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout


@pytest.mark.slow
def test_an_unready_house_is_one_sentence_on_stderr_and_exit_1(tmp_path: Path) -> None:
    done = flask(tmp_path, "worker", PORT="nonsense")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_worker_without_redis_says_what_to_do(tmp_path: Path) -> None:
    done = flask(tmp_path, "worker")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_exits_2(tmp_path: Path) -> None:
    done = flask(tmp_path, "db", "downgrade")
    assert done.returncode == 2
    assert "flask db" in done.stderr


@pytest.mark.slow
def test_a_role_that_does_not_exist_is_wrong_usage_and_names_the_others(tmp_path: Path) -> None:
    done = flask(tmp_path, "staff", "add", "张三", "--role", "boss")
    assert done.returncode == 2
    assert "drafter" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [("backup",), ("export", "fees")])
def test_a_folder_that_is_not_there_is_one_sentence(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = flask(tmp_path, *command, str(tmp_path / "absent" / "file.json"))
    assert done.returncode == 1
    assert "absent" in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_know_the_port_of_the_house_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"DATA_DIR": str(tmp_path), "PORT": "8000"}.items():
        monkeypatch.setenv(name, value)
    assert read_settings().base_url == "http://127.0.0.1:8000"
    write_run(tmp_path, Running(os.getpid(), "", 8765, 8766))
    assert read_settings().base_url == "http://127.0.0.1:8765"


@pytest.mark.slow
def test_an_older_database_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    assert flask(tmp_path, "db", "upgrade").returncode == 0
    change = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
    change += "c.execute(\"UPDATE alembic_version SET version_num = '0000'\"); c.commit()"
    subprocess.run([sys.executable, "-c", change, str(tmp_path / "yangguang.db")], check=True)
    done = flask(tmp_path, "backup", str(tmp_path / "b.tar.gz"))
    assert done.returncode == 1
    assert "flask db upgrade" in done.stderr


@pytest.mark.slow
def test_backup_and_restore_by_hand(tmp_path: Path) -> None:
    data, file = tmp_path / "数据 目录", tmp_path / "b.tar.gz"
    assert flask(data, "db", "upgrade").returncode == 0
    saved = flask(data, "backup", str(file))
    assert saved.returncode == 0, saved.stderr
    assert "DATA_KEY" in saved.stderr
    restored = flask(data, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert len(list(data.glob("yangguang.db.before-restore-*"))) == 1
    assert flask(data, "restore", str(tmp_path)).returncode == 2
