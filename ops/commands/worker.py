"""`flask worker`: one worker process, until SIGTERM."""

import click

from ops.commands.opening import opened_office


@click.command("worker")
def command() -> None:
    """运行后台任务，直到收到 SIGTERM · run jobs, sweepers and the journal reader."""
    from ops.worker import Stop, stop_on_signals, work

    stop = Stop()
    stop_on_signals(stop)
    with opened_office() as office:
        work(office, stop)
    raise SystemExit(1 if stop.failed else 0)
