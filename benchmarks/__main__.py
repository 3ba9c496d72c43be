"""`python -m benchmarks [NAME…]`: all of them one after the other, or these; each one's JSON goes
to DATA_DIR/bench. One alone with its options: `python -m benchmarks.NAME --help`."""

import subprocess
import sys
from collections.abc import Sequence

from core.settings import ROOT, Settings

NAMES = ("callbacks", "profile", "answers", "push", "tickets", "house")
TOLD_WHERE = ("callbacks", "profile", "answers", "house")  # given the file, the others print


def main(names: Sequence[str]) -> int:
    """Exit code: 1 when one of them failed; the others have run."""
    folder = Settings.from_env().data_dir / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in names or NAMES:
        out = folder / f"{name}.json"
        print(f"{name} → {out}", file=sys.stderr)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if name in TOLD_WHERE:
            done = subprocess.run([*command, out], cwd=ROOT, stdout=sys.stderr, check=False)
        else:
            with out.open("w", encoding="utf8") as file:
                done = subprocess.run(command, cwd=ROOT, stdout=file, check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
