"""A backup brings everything back, holds no key, and is not believed when it is damaged."""

import tarfile
from pathlib import Path

import pytest
from sqlalchemy import text

from core.clock import Clock
from core.db import Database
from core.errors import Unready
from core.runfile import private_key
from ops.backup import bring_uploads, check_fits, unpack, write_backup
from ops.database_copy import bring_postgres, bring_sqlite, sqlite_path

ROWS = "SELECT slug FROM topics ORDER BY slug"


def add_topic(database: Database, slug: str) -> None:
    with database.write() as db:
        db.execute(
            text(
                "INSERT INTO topics (slug, name, words, about, position, active) "
                "VALUES (:s, :s, '[]', '', 1, true)"
            ),
            {"s": slug},
        )


def slugs(database: Database) -> list[str]:
    with database.read() as db:
        return list(db.scalars(text(ROWS)))


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads" / "2026"
    folder.mkdir(parents=True)
    (folder / "照片.jpg").write_bytes(b"picture")
    return tmp_path / "uploads"


def test_a_backup_brings_back_rows_and_uploads(
    each_database: Database, tmp_path: Path, uploads: Path, clock: Clock
) -> None:
    add_topic(each_database, "before")
    file = tmp_path / "b.tar.gz"
    write_backup(each_database, tmp_path, file, clock.now())
    add_topic(each_database, "after")
    (uploads / "2026" / "照片.jpg").unlink()

    folder = tmp_path / "unpacked"
    folder.mkdir()
    manifest = unpack(file, folder)
    check_fits(manifest, each_database)
    if each_database.is_sqlite:
        each_database.close()
        kept = bring_sqlite(folder / "database", sqlite_path(each_database), clock.now())
        assert kept is not None
        assert kept.exists()
    else:
        bring_postgres(each_database, folder / "database")
    bring_uploads(folder, tmp_path)

    assert slugs(each_database) == ["before"]
    assert (uploads / "2026" / "照片.jpg").read_bytes() == b"picture"


def test_a_backup_is_private_and_holds_no_key(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    key = private_key(tmp_path, "data_key")
    file = tmp_path / "b.tar.gz"
    write_backup(database, tmp_path, file, clock.now())
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None
            assert key.encode() not in content.read()


def test_a_damaged_backup_is_refused(database: Database, tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "b.tar.gz"
    write_backup(database, tmp_path, file, clock.now())
    half = tmp_path / "half.tar.gz"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Unready, match="已损坏"):
        unpack(half, tmp_path / "x")


def test_a_file_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar.gz"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(tmp_path / "payload", "../escaped")
    with pytest.raises(Unready):
        unpack(file, tmp_path / "x")
    assert not (tmp_path / "escaped").exists()


def test_a_backup_of_newer_tables_is_refused(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    with database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = tmp_path / "b.tar.gz"
    write_backup(database, tmp_path, file, clock.now())
    folder = tmp_path / "x"
    with pytest.raises(Unready, match="9999"):
        check_fits(unpack(file, folder), database)
