"""`flask worker` that believes a silent worker dead after HASTE_S seconds instead of 30."""

import os
import sys
from dataclasses import replace

from bot.outbound.rules import Rules
from ops.commands.opening import opened_office
from ops.worker import Stop, stop_on_signals, work

if __name__ == "__main__":
    stop = Stop()
    stop_on_signals(stop)
    with opened_office() as office:
        rules = replace(Rules.of(office.settings), lease_s=float(os.environ["HASTE_S"]))
        work(office, stop, rules)
    sys.exit(1 if stop.failed else 0)
