"""Page assets: pinned by hash without a host, fetched by npm, and said so when they cannot be."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from core.settings import ROOT
from ops.assets import FILES, VENDOR, AssetsMissing, assets_are_fresh, fetch_assets, npm_command
from web.static_files import StaticFiles

LOCK = json.loads((ROOT / "package-lock.json").read_text("utf8"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A place with our pins and nothing fetched."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def npm_that(folder: Path, script: str) -> list[str]:
    """A program in npm's place."""
    path = folder / "npm-stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return [str(path)]


def test_the_lock_names_hashes_and_no_host() -> None:
    packages = {name: one for name, one in LOCK["packages"].items() if name}
    assert all("integrity" in one and "resolved" not in one for one in packages.values())
    assert "://" not in "".join(one["integrity"] for one in packages.values())


def test_every_pin_is_exact() -> None:
    pins = json.loads((ROOT / "package.json").read_text("utf8"))["dependencies"]
    assert all(version[0].isdigit() for version in pins.values())


def test_what_npm_brings_is_copied_and_not_asked_again(root: Path) -> None:
    make = " && ".join(
        f"mkdir -p node_modules/{Path(name).parent} && echo x > node_modules/{name}"
        for name in FILES
    )
    fetch_assets(root, npm_that(root, make))
    assert {path.name for path in (root / VENDOR).iterdir()} >= set(FILES.values())
    assert assets_are_fresh(root)
    fetch_assets(root, ["/nowhere/npm"])


def test_without_npm_it_says_so_and_leaves_what_was_there(root: Path) -> None:
    kept = root / VENDOR / "htmx.min.js"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    with pytest.raises(AssetsMissing, match="could not be run"):
        fetch_assets(root, ["/nowhere/npm"])
    assert kept.read_text() == "kept"


def test_an_unreachable_registry_is_named(root: Path) -> None:
    failing = npm_that(root, "echo 'npm error network ENOTFOUND' >&2; exit 1")
    with pytest.raises(AssetsMissing, match="ENOTFOUND"):
        fetch_assets(root, failing)
    assert not assets_are_fresh(root)


def test_a_changed_lock_is_fetched_again(root: Path) -> None:
    test_what_npm_brings_is_copied_and_not_asked_again(root)
    (root / "package-lock.json").write_text("{}")
    assert not assets_are_fresh(root)


def test_there_is_an_npm_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = subprocess.run([*npm_command(), "--version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()[0].isdigit()


def test_pages_go_without_what_was_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "house.css").write_text("a{}")
    assert StaticFiles(tmp_path).vendor("tabler.min.css") == ""
