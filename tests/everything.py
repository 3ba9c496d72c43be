"""`make test`: every test there is; what this machine cannot run is named at the end."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PASSES = (
    ("快速测试，两个进程 · quick, two processes", ("-n", "2", "-m", "not slow and not browser")),
    ("其余测试，逐个运行 · slow and browser, one at a time", ("-m", "slow or browser")),
)
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Run both passes, even when the first fails; 1 when anything failed."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "not-run.txt"
        for title, options in PASSES:
            sys.stdout.write(f"== {title}\n")
            sys.stdout.flush()
            command = [sys.executable, "-m", "pytest", "-p", "tests.parts", *options, *arguments]
            code = subprocess.call(command, env={**os.environ, "NOT_RUN_FILE": str(notes)})
            failed = failed or code not in (0, NOTHING_COLLECTED)
        lines = sorted(set(notes.read_text("utf8").splitlines())) if notes.exists() else []
    told = lines or ["无，全部运行 (none: everything ran)"]
    sys.stdout.write("\n".join(["== 未运行的部分 · parts not run", *(f"  {x}" for x in told), ""]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
