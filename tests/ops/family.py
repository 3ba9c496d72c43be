"""A little launcher for the tests: `family NAME=COMMAND…` keeps shell commands running."""

import os
import sys
from pathlib import Path

from core.settings import ROOT
from ops.supervisor import ChildSpec, Supervisor


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    supervisor = Supervisor(say)
    folder = Path(os.environ["FAMILY_DIR"])
    supervisor.start(
        ChildSpec(
            name, ("sh", "-c", f"exec {line}"), dict(os.environ), ROOT, folder / f"{name}.log"
        )
        for name, line in (argument.split("=", 1) for argument in sys.argv[1:])
    )
    supervisor.run()
    supervisor.stop()
