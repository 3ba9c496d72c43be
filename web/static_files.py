"""Addresses of styles and scripts, with their content's hash; vendor files only when present."""

import hashlib
from pathlib import Path

from flask import Flask, url_for

FOLDER = Path(__file__).parent / "static"
HASH_LENGTH = 10


class StaticFiles:
    """Looks once at the files a process serves."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._versions = {
            str(path.relative_to(folder)): _digest(path)
            for path in folder.rglob("*")
            if path.is_file() and path.suffix in (".css", ".js", ".svg", ".png")
        }

    def asset(self, name: str) -> str:
        """The address of one of our files."""
        return url_for("static", filename=name, v=self._versions[name])

    def vendor(self, name: str) -> str:
        """The address of a file from npm; empty when it was not fetched: the page goes without."""
        full = f"vendor/{name}"
        return self.asset(full) if full in self._versions else ""


def add_static_files(app: Flask) -> None:
    files = StaticFiles()
    app.add_template_global(files.asset, "asset")
    app.add_template_global(files.vendor, "vendor")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]
