"""`flask backup FILE`: database and uploads in one file, the house may stay at work."""

from pathlib import Path

import click

from ops.commands.opening import opened_database, read_settings

KEY_APART = (
    "DATA_KEY（姓名、电话的密钥）不在备份里：请把 {where} 另行妥善保管，恢复时需要它。"
    " (DATA_KEY is not inside: keep it apart)"
)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """把数据库和上传文件备份到 FILE · save database and uploads to FILE."""
    from core.clock import SystemClock
    from ops.backup import write_backup

    settings = read_settings()
    with opened_database(settings) as database:
        manifest = write_backup(database, settings.data_dir, file, SystemClock().now())
    click.echo(KEY_APART.format(where=settings.data_dir / "data_key"), err=True)
    click.echo(f"{file} {file.stat().st_size} bytes, {len(manifest.digests)} files")
