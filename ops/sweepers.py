"""Sweepers: every second or few, they look at rows and ring for whatever was forgotten."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.followers import tags
from bot.outbound import calls, ledger, sweeps
from bot.outbound.errors import WechatError
from bot.outbound.templates import refresh_templates
from bureau.disclosures import digests, publish
from bureau.office import Office
from core.logs import get_log
from ops import departures, feedback_sweeps, knowledge_sweeps
from ops.jobs import Jobs

TICK_S = 1.0
TEMPLATES_S = 1_800.0
OUTAGE = (OperationalError, InterfaceError)


@dataclass(slots=True)
class Sweep:
    """One thing to look after, every so many seconds."""

    name: str
    every_s: float
    run: Callable[[], object]
    due_at: float = 0.0


class Sweepers:
    """All sweeps of one worker; several workers may sweep at once."""

    def __init__(self, office: Office, jobs: Jobs) -> None:
        self._office = office
        self._jobs = jobs
        self._log = get_log("sweepers")
        self._templates_until = 0.0
        engine = jobs.engine
        self._sweeps = [
            Sweep("pushes", 1, self._pushes),
            Sweep("disclosures", 1, self._disclosures),
            Sweep("segments", 1, self._segments),
            Sweep("masses", 3, self._masses),
            Sweep("lost claims", 3, lambda: sweeps.lost_claims(engine)),
            Sweep("unknown outcomes", 5, lambda: sweeps.unknown_again(engine)),
            Sweep("stalled pushes", 3, lambda: sweeps.stalled_pushes(engine)),
            Sweep("cancelled pushes", 3, lambda: sweeps.cancelled_rest(engine)),
            Sweep("early receipts", 3, lambda: sweeps.early_receipts(engine)),
            Sweep("ended brakes", 10, lambda: sweeps.ended_brakes(engine)),
            Sweep("missing people", 30, lambda: sweeps.missing_people(engine)),
            Sweep("tags", 5, self._tags),
            Sweep("templates", 20, self._templates),
            Sweep("pictures", 3, lambda: feedback_sweeps.fetch_pictures(office)),
            Sweep("ticket clocks", 15, lambda: feedback_sweeps.look_at_clocks(office)),
            Sweep("staff alerts", 10, lambda: feedback_sweeps.tell_staff(office)),
            Sweep("ended documents", 15, lambda: knowledge_sweeps.end_documents(office)),
            Sweep("released answers", 5, lambda: knowledge_sweeps.after_release(office)),
            Sweep("yearly reviews", 600, lambda: knowledge_sweeps.open_yearly(office)),
            Sweep("departures", 60, lambda: departures.settle(office)),
            Sweep("leaving keys", 3600, lambda: departures.destroy_keys(office)),
            Sweep("digests", 30, lambda: digests.make_all(office.database, office.clock.now())),
            Sweep("seals", 600, lambda: feedback_sweeps.keep_house(office)),
        ]

    def run(self, stop: threading.Event) -> None:
        """Sweep until told to stop; an outage of SQL is waited out."""
        while not stop.is_set():
            self.step(time.monotonic())
            stop.wait(TICK_S)

    def step(self, moment: float) -> None:
        """Run what is due at this moment of the monotonic clock."""
        for sweep in self._sweeps:
            if moment < sweep.due_at:
                continue
            sweep.due_at = moment + sweep.every_s
            try:
                sweep.run()
            except OUTAGE as error:
                self._log.warning("sweepers: SQL is away", sweep=sweep.name, error=str(error)[:200])
            except Exception:
                self._log.exception("sweepers: a sweep failed", sweep=sweep.name)

    def _pushes(self) -> None:
        with self._office.database.read() as db:
            due = sweeps.due_pushes(db, self._office.clock.now())
        for push_id in due:
            self._jobs.plan(push_id)

    def _disclosures(self) -> None:
        now = self._office.clock.now()
        with self._office.database.read() as db:
            due = publish.any_due(db, now)
        if due:
            with self._office.database.write() as db:
                publish.publish_due(db, now)

    def _segments(self) -> None:
        for segment_id in sweeps.due_segments(self._jobs.engine):
            self._jobs.segment(segment_id)

    def _masses(self) -> None:
        for push_id in sweeps.due_masses(self._jobs.engine):
            self._jobs.mass(push_id)

    def _tags(self) -> None:
        """Topics whose tag is out of date; not while WeChat wants us to rest."""
        with self._office.database.read() as db:
            resting = calls.TAG_PEOPLE.name in ledger.braked(db, self._office.clock.now())
            due = tags.due_topics(db, self._jobs.engine.wall.now())
        if due and not resting:
            self._jobs.tag()

    def _templates(self) -> None:
        """Every half hour, and soon again where WeChat did not answer: without the list a
        long-term consent looks like one for a single time."""
        if time.monotonic() < self._templates_until:
            return
        try:
            refresh_templates(self._office.database, self._office.wechat, self._office.clock)
            self._templates_until = time.monotonic() + TEMPLATES_S
        except WechatError as error:
            self._log.warning("sweepers: no list of notices", code=error.code, rid=error.rid)
