"""`.env.example` and the code name the same settings, with the same defaults."""

import re
from dataclasses import fields
from pathlib import Path

from core.settings import Settings
from tests.house.tree import ROOT

LINE = re.compile(r"#?\s*([A-Z][A-Z0-9_]*)=(.*)")


def example() -> dict[str, str]:
    """NAME → the value shown, whether its line is commented out or not."""
    lines = (ROOT / ".env.example").read_text("utf8").splitlines()
    return {m.group(1): m.group(2) for line in lines if (m := LINE.fullmatch(line))}


def names() -> set[str]:
    return {item.name.upper() for item in fields(Settings)}


def test_every_setting_stands_in_the_example() -> None:
    missing = names() - example().keys()
    assert not missing, missing


def test_the_example_names_no_setting_that_is_not_read() -> None:
    unknown = example().keys() - names()
    assert not unknown, unknown


def test_copying_the_example_changes_nothing(tmp_path: Path) -> None:
    """The values shown are the defaults."""
    without = Settings.from_env({}, root=tmp_path)
    lines = [f"{name}={value}" for name, value in example().items()]
    (tmp_path / ".env").write_text("\n".join(lines), "utf8")
    copied = Settings.from_env({}, root=tmp_path)
    different = {
        item.name: (getattr(copied, item.name), getattr(without, item.name))
        for item in fields(Settings)
        if getattr(copied, item.name) != getattr(without, item.name)
    }
    assert not different, different


def test_every_setting_is_explained() -> None:
    """A comment stands above each setting, or above the group it belongs to."""
    explained = False
    bare = []
    for line in (ROOT / ".env.example").read_text("utf8").splitlines():
        setting = LINE.fullmatch(line)
        if setting and not explained:
            bare.append(setting.group(1))
        if not setting:
            explained = line.startswith("#") or (explained and bool(line.strip()))
    assert not bare, bare
