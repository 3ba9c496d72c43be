"""`flask export`: a catalogue to a file that imports again without a difference."""

from pathlib import Path

import click

from ops.commands.opening import read_settings

KINDS = ("fees", "funds", "guides", "faq", "disclosures")


@click.command("export")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(kind: str, file: Path) -> None:
    """导出目录，可原样再导入 · write a catalogue to .xlsx, .csv, .json or .jsonl."""
    from bureau.catalogues.asking import opened_catalogue
    from knowledge.exporting import write_file
    from knowledge.kinds import PLURALS

    with opened_catalogue(read_settings()) as (database, _clock), database.read() as db:
        if kind == "disclosures":
            from knowledge.exporting import write_rows
            from ops.commands.import_disclosures import KIND, export_rows

            count = write_rows(file, KIND, export_rows(db))
        else:
            count = write_file(db, PLURALS[kind], file)
    click.echo(f"{file}：{count} 条 (rows)")
