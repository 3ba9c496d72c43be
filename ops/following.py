"""A process that ends when its parent is gone, however the parent went (Linux prctl)."""

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.util import Finalize

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, death: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel for `death` when the thread that started this process ends.

    parent: the pid of who started us; when it is gone already we end at once. The wish outlives
    an exec, and is not passed on to children of ours.
    """
    _libc.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def prepare_web_worker() -> None:
    """For a process that granian forked, before it loads the application; elsewhere does nothing.

    It ends at once when granian's main process was killed (it would keep the port), and when it
    is told to stop while still loading: granian's own handler would only be remembered by the
    parent's copy, and the stop would wait for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return
    die_with_parent(parent.pid, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def before_the_end(work: Callable[[], object]) -> None:
    """Have `work` done when this process ends in good order: granian's are multiprocessing's,
    where atexit is silent."""
    Finalize(None, work, exitpriority=0)
