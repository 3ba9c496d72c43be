"""Progress of a long command: a bar on a terminal, plain lines elsewhere, always on stderr."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

T = TypeVar("T")
LINE_EVERY_S = 2.0


def tracked(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    """Give the items on, showing how far it is. `label` is one short phrase."""
    if sys.stderr.isatty():
        with click.progressbar(items, length=total, label=label, file=sys.stderr) as bar:
            yield from bar
        return
    shown = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        if time.monotonic() - shown >= LINE_EVERY_S:
            shown = time.monotonic()
            click.echo(f"{label} {done}/{total}", err=True)
    click.echo(f"{label} {total}/{total}", err=True)
