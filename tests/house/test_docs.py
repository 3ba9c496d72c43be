"""What the documents promise is there: commands, targets, settings, files, roles."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from bureau.disclosures.content import problems
from bureau.staff.roles import ROLES
from core.settings import Settings
from ops.commands.table import COMMANDS
from tests.house.tree import ROOT, text_of, tracked_files

PAGES = [path for path in tracked_files() if path.suffix == ".md"]
COMMAND = re.compile(r"`(?:\.venv/bin/)?flask ([a-z]+)")
TARGET = re.compile(r"`make ([a-z-]+)`|^make ([a-z-]+)\b", re.MULTILINE)
SETTING = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)[=`]")
LINK = re.compile(r"\]\(([^)#:]+)\)")
CODE = re.compile(
    r"`((?:core|bot|knowledge|bureau|handlers|web|ops|sandbox|tests|seeds)/[\w/.-]+)`"
)
MADE = {"web/static/vendor"}  # fetched by `make run`, never committed
OF_LIBRARIES = {"FLASK_RUN_FROM_CLI", "FLASK_APP", "PROMETHEUS_MULTIPROC_DIR"}
OF_TESTS = {"PEOPLE_UNDER_KILL"}


def of_all(pattern: re.Pattern[str]) -> set[tuple[Path, str]]:
    return {
        (page, next(part for part in found.groups() if part))
        for page in PAGES
        for found in pattern.finditer(text_of(page))
    }


def test_every_command_named_exists() -> None:
    wrong = {(str(page), name) for page, name in of_all(COMMAND) if name not in COMMANDS}
    assert len(of_all(COMMAND)) > 10
    assert not wrong, wrong


def test_every_command_is_in_the_contract() -> None:
    """A command of the house is promised to the outside, or it is not there."""
    text = text_of(Path("docs/contract.md"))
    missing = {name for name in COMMANDS if not re.search(rf"[`· ]{name}\b", text)}
    assert not missing, missing


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
    wrong = {(str(page), name) for page, name in of_all(TARGET) if name not in targets}
    assert not wrong, wrong


def test_every_setting_named_exists() -> None:
    known = {item.name.upper() for item in fields(Settings)} | OF_LIBRARIES | OF_TESTS
    ours = [(page, name) for page, name in of_all(SETTING) if page.parts[0] != "sandbox"]
    wrong = {(str(page), name) for page, name in ours if name not in known}
    assert not wrong, wrong


def test_every_setting_is_in_the_contract() -> None:
    text = text_of(Path("docs/contract.md"))
    missing = {item.name.upper() for item in fields(Settings)} - set(re.findall(r"[A-Z_]+", text))
    assert not missing, missing


def test_every_link_leads_somewhere() -> None:
    wrong = {
        (str(page), target)
        for page, target in of_all(LINK)
        if not (ROOT / page.parent / target.strip("<>")).exists()
    }
    assert not wrong, wrong


def test_every_path_named_exists() -> None:
    wrong = {
        (str(page), name)
        for page, name in of_all(CODE)
        if name.rstrip("/") not in MADE
        if not any((ROOT / (name.rstrip("/.") + ending)).exists() for ending in ("", ".py"))
    }
    assert not wrong, wrong


def test_the_example_of_a_disclosure_may_be_published() -> None:
    data = json.loads((ROOT / "docs/examples/disclosure.json").read_text("utf8"))
    assert problems(data, outside=True) == []


@pytest.mark.parametrize("page", ["docs/staff-handbook.md", "GLOSSARY.md"])
def test_clerks_read_every_role_by_the_name_on_their_screen(page: str) -> None:
    text = text_of(Path(page))
    missing = [role.label for role in ROLES.values() if role.label not in text]
    assert not missing, missing


def test_the_handbook_speaks_no_engineering() -> None:
    """It is written for clerks: no English words but those they type, no names of our parts."""
    foreign = re.compile(r"\b(?!JY\d)[A-Za-z]{3,}\b")
    wrong = foreign.findall(text_of(Path("docs/staff-handbook.md")))
    assert not wrong, wrong
