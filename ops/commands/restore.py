"""`flask restore FILE`: brings a backup back while no house is at work."""

import os
import tempfile
from pathlib import Path

import click

from core.errors import Unready
from ops.commands.opening import read_settings


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """从 FILE 恢复数据库和上传文件 · bring database and uploads back from FILE.

    先停止系统。现有的 SQLite 数据库改名保留。需要备份时的 DATA_KEY，否则姓名、电话读不出来。
    """
    from core.clock import SystemClock
    from core.db import Database
    from core.migrating import upgrade
    from core.runfile import read_run
    from ops.backup import bring_uploads, check_fits, unpack
    from ops.database_copy import bring_postgres, bring_sqlite, sqlite_path
    from ops.reservation import lock_data_dir

    settings = read_settings()
    if running := read_run(settings.data_dir):
        raise Unready(f"系统正在运行（pid {running.pid}），请先停止再恢复 (stop the house first)")
    lock = lock_data_dir(settings.data_dir)
    database = Database(settings.database_url)
    try:
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
            folder = Path(name)
            manifest = unpack(file, folder)
            check_fits(manifest, database)
            if database.is_sqlite:
                database.close()
                kept = bring_sqlite(folder / "database", sqlite_path(database), SystemClock().now())
                if kept:
                    click.echo(f"原来的数据库保留为 {kept} (the former database)", err=True)
            else:
                upgrade(database)
                bring_postgres(database, folder / "database")
            upgrade(database)
            uploads = bring_uploads(folder, settings.data_dir)
    finally:
        database.close()
        os.close(lock)
    click.echo(f"已恢复 {manifest.made_at} 的备份：版本 {manifest.version}，上传文件 {uploads} 个")
