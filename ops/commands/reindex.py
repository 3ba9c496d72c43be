"""`flask reindex`: has every process rebuild its index, and shows that it can be built."""

import time

import click

from ops.commands.opening import read_settings


@click.command("reindex")
def command() -> None:
    """重建问答索引：各进程两秒内换用新索引 · build the index anew, everywhere."""
    from bureau.catalogues.asking import opened_catalogue
    from knowledge.importing import touch
    from knowledge.library import Library

    settings = read_settings()
    with opened_catalogue(settings) as (database, clock):
        with database.write() as db:
            version = touch(db, clock.now())
        library = Library.open(database, settings)
        started = time.perf_counter()
        size = library.rebuild()
        seconds = time.perf_counter() - started
    click.echo(f"版本 {version}：{size} 条，{seconds:.2f} 秒 (entries, seconds)")
