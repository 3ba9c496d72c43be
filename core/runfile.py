"""`DATA_DIR/run.json`: where the running house listens. Keys are made once beside it."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """A house at work: its launcher's pid, where Redis listens, where web and sandbox listen."""

    pid: int
    redis_url: str
    port: int
    sandbox_port: int


def write_run(data_dir: Path, running: Running) -> None:
    """Replace run.json in one step, readable by its owner alone."""
    write_private(data_dir / "run.json", json.dumps(asdict(running)))


def read_run(data_dir: Path) -> Running | None:
    """The running house of this DATA_DIR; None when there is none alive."""
    try:
        running = Running(**json.loads((data_dir / "run.json").read_text("utf8")))
        os.kill(running.pid, 0)
    except (OSError, ValueError, TypeError):
        return None
    return running


def private_key(data_dir: Path, name: str) -> str:
    """A random key kept in DATA_DIR/`name` (0600), made when first asked for."""
    path = data_dir / name
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48), only_new=True)
    return path.read_text("ascii").strip()


def write_private(path: Path, text: str, *, only_new: bool = False) -> None:
    """Write a 0600 file whole or not at all; with `only_new` the first writer wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not only_new:
            draft.replace(path)
        elif not path.exists():
            os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
