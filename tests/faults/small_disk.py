"""A little disk of its own for a house, in memory, and how to fill it to the last byte."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = "48m"
BLOCK = bytes(64 * 1024)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs mounted on the folder while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte is free on the disk of this folder while the block runs."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (len(BLOCK), 4096, 1):
            fill(file.fileno(), BLOCK[:size])
        try:
            yield
        finally:
            ballast.unlink()


def fill(descriptor: int, block: bytes) -> None:
    """Write blocks until the disk takes no more."""
    try:
        while os.write(descriptor, block):
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
