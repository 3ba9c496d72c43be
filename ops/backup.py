"""Backup and restore: one file with the database and the uploads, checked before it is believed.

DATA_KEY is not inside: without it names and phones of a stolen backup stay unreadable, and a
restored house needs the same key from elsewhere.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from core.db import Database
from core.errors import Unready
from core.schema import current_version, newest_version
from ops.database_copy import copy_out, known_versions

MANIFEST = "manifest.json"
NOT_OURS = "这不是本系统的备份文件，或已损坏 (not a backup of ours, or damaged): {}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `digests`: member → SHA-256."""

    format: int
    made_at: str
    version: str
    engine: str
    digests: dict[str, str]


def write_backup(database: Database, data_dir: Path, target: Path, now: datetime) -> Manifest:
    """Write the backup whole or not at all, readable by its owner alone; what it holds.

    The house may be at work: the database is copied as of one moment. Raises Unready when there
    is no database yet.
    """
    version = current_version(database)
    if version is None:
        raise Unready("还没有数据库，没有可备份的内容 (nothing to back up yet)")
    digests: dict[str, str] = {}
    uploads = data_dir / "uploads"
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            tempfile.TemporaryDirectory(dir=data_dir, prefix=".backup-") as folder,
            _private(draft) as file,
            tarfile.open(fileobj=file, mode="w:gz") as archive,
        ):
            for path in copy_out(database, Path(folder)):
                _add(archive, path, f"database/{path.name}", digests)
            for path in _files(uploads):
                _add(archive, path, f"uploads/{path.relative_to(uploads)}", digests)
            engine = database.engine.dialect.name
            manifest = Manifest(1, now.isoformat(), version, engine, digests)
            _add_text(archive, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder and check every byte. Raises Unready with what is wrong."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                _extract(archive, member, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text("utf8")))
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise Unready(NOT_OURS.format(error)) from error
    for name, digest in manifest.digests.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise Unready(NOT_OURS.format(name))
    return manifest


def check_fits(manifest: Manifest, database: Database) -> None:
    """Raises Unready when this code or this database cannot take the backup."""
    engine = database.engine.dialect.name
    if manifest.engine != engine:
        raise Unready(f"备份来自 {manifest.engine}，现在的数据库是 {engine}：请用同一种数据库恢复")
    known = known_versions() if database.is_sqlite else {newest_version()}
    if manifest.version not in known:
        raise Unready(
            f"备份的数据库版本是 {manifest.version}，程序是 {newest_version()}："
            "请用做备份时的程序版本恢复，再升级 (restore with the code of the backup, then upgrade)"
        )


def bring_uploads(folder: Path, data_dir: Path) -> int:
    """Put the uploads of an unpacked backup in place; files that are there already stay."""
    found = list(_files(folder / "uploads"))
    for path in found:
        target = data_dir / "uploads" / path.relative_to(folder / "uploads")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            shutil.copy2(path, target)
    return len(found)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one plain file below the folder. Raises ValueError for a link or a path leading out."""
    target = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or not target.is_relative_to(folder.resolve()):
        raise ValueError(member.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _add(archive: tarfile.TarFile, path: Path, name: str, digests: dict[str, str]) -> None:
    archive.add(path, name, recursive=False)
    digests[name] = _digest(path)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
