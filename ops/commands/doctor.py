"""`flask doctor`: what the house stands on, a line each; exit 1 when something is to be done."""

import click

from ops.commands.opening import opened_office


@click.command("doctor")
def command() -> None:
    """逐项检查设置、数据库、Redis、时钟、公众号、回调与放假安排 · check everything, a line each."""
    from ops.doctor import examine

    wrong = 0
    with opened_office() as office:
        for finding in examine(office, office.clock.now()):
            wrong += not finding.ok
            click.echo(f"{'ok  ' if finding.ok else '！  '}{finding.name}：{finding.text}")
    if wrong:
        click.echo(f"{wrong} 项需要处理 · {wrong} to be done", err=True)
        raise SystemExit(1)
