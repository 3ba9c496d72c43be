"""One worker process: jobs, the sweepers behind them, and the journal of the callbacks."""

import signal
import threading
from collections.abc import Callable
from typing import Any

import dramatiq

from bot.followers import registry
from bot.outbound import ledger, outbox
from bot.outbound.rules import Rules
from bureau.inquiries import records
from bureau.office import Office
from core.errors import Unready
from core.logs import get_log
from ops.jobs import Jobs, make_jobs
from ops.journal_reader import JournalReader, Taker
from ops.sweepers import Sweepers

JOB_THREADS = 4
JOB_POLL_MS = 1_000
STOP_WITHIN_S = 10.0
Row = dict[str, Any]
Loop = Callable[[threading.Event], None]


class Stop(threading.Event):
    """Set when the worker shall end; `failed` when a part of it broke."""

    failed = False


def work(office: Office, stop: Stop, rules: Rules | None = None) -> None:
    """Work until `stop` is set, then finish what is in hand. Raises Unready without a Redis."""
    if not office.settings.redis_url:
        raise Unready("后台进程需要 Redis：请先 make run，或设置 REDIS_URL (worker needs Redis)")
    log = get_log("worker")
    jobs = make_jobs(office, rules)
    worker = dramatiq.Worker(jobs.broker, worker_threads=JOB_THREADS, worker_timeout=JOB_POLL_MS)
    loops = [start_loop(name, run, stop) for name, run in make_loops(office, jobs).items()]
    worker.start()
    log.info("worker: ready", threads=JOB_THREADS)
    stop.wait()
    log.info("worker: finishing what is in hand")
    worker.stop(timeout=int(STOP_WITHIN_S * 1000))
    for loop in loops:
        loop.join(STOP_WITHIN_S)
    jobs.close()
    log.info("worker: stopped")


def make_loops(office: Office, jobs: Jobs) -> dict[str, Loop]:
    """What runs beside the jobs, by name; each returns when told to stop."""
    takers: dict[str, tuple[Taker, ...]] = {
        "seen": (ledger.note_seen, registry.note_seen, outbox.note_seen),
        "inquiry": (records.keep,),
        "useful": (records.judge,),
    }
    journal = JournalReader(office.settings.redis_url, office.database, office.clock, takers)
    return {"sweepers": Sweepers(office, jobs).run, "journal": journal.run}


def start_loop(name: str, run: Loop, stop: Stop) -> threading.Thread:
    """A thread that runs until stopped. A failure nobody expected ends the whole process: the
    launcher starts it anew, instead of a worker that only looks alive."""

    def body() -> None:
        try:
            run(stop)
        except Exception:
            get_log("worker").exception("worker: a loop failed", loop=name)
            stop.failed = True
            stop.set()

    thread = threading.Thread(target=body, name=name, daemon=True)
    thread.start()
    return thread


def stop_on_signals(stop: Stop) -> None:
    """SIGTERM and Ctrl-C ask for a clean end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
