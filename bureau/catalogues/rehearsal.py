"""Before an import goes live the bank is asked with it applied; what would be lost is confirmed."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bureau.catalogues import bank
from bureau.catalogues.bank import Replay
from bureau.catalogues.bringing import Reading
from core.db import Database
from core.errors import Refusal
from knowledge import importing
from knowledge.answered import Kept
from knowledge.aside import Change
from knowledge.library import Library
from knowledge.loading import version_of
from knowledge.models import Batch, BatchState


def rehearse(library: Library, database: Database, today: date, change: Change) -> Replay:
    """The bank asked now and with `change` made; takes as long as two indexes take to build."""
    with database.read() as db:
        questions = bank.everything(db)
    if not questions:
        return Replay(0, 0, ())

    def after() -> bank.Ask:
        engine = library.after(change, database)
        return lambda text: engine.ask(text, today, Kept())

    return bank.replay(questions, lambda text: library.ask(text, today=today), after)


def releasing(batch_id: int) -> Change:
    """The change that an import makes when it is released."""

    def change(db: Session) -> None:
        batch = db.get_one(Batch, batch_id)
        importing.release(db, batch, [], "", batch.imported_at)

    return change


def bringing_in(
    kind: str, reading: Reading, *, file_name: str, replace: bool, now: datetime
) -> Change:
    """The change that a file makes when it is stored and released at once."""

    def change(db: Session) -> None:
        batch = importing.store(
            db, kind, reading.drafts, file_name=file_name, replace=replace, now=now
        )
        importing.release(db, batch, [], "", now)

    return change


def is_stale(db: Session, batch: Batch) -> bool:
    """Whether the bank must be asked (again): never yet, or knowledge has changed since."""
    if batch.state != BatchState.WAITING or bank.is_empty(db):
        return False
    return batch.replay is None or batch.replay["version"] != version_of(db)


def keep(db: Session, batch: Batch, replay: Replay, version: int) -> None:
    """Note on the import what the bank said, and of which knowledge."""
    batch.replay = replay.to_json(version)
    db.flush()


def require_seen(db: Session, batch: Batch, accepted: bool) -> int:
    """How many right answers are given up. Raises Refusal while they are not confirmed, or while
    the bank has not been asked of the knowledge as it stands.
    """
    if is_stale(db, batch):
        raise Refusal("题库检验之后清单又有变化，请重新检验。")
    lost = len((batch.replay or {}).get("lost", ()))
    if lost and not accepted:
        raise Refusal(f"题库里有 {lost} 个问题原来答得对，生效后会答错。请逐个看过再勾选确认。")
    return lost
