"""Offices (科室): the one that every house has, and the sample ones."""

import json
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bureau.staff.models import GENERAL_OFFICE, StaffOffice
from core.errors import NotFound
from core.settings import ROOT

SEED = ROOT / "seeds" / "offices.json"


def load_reference(db: Session, path: Path = SEED) -> None:
    """办公室, without which no ticket could be handed out."""
    _load(db, [row for row in _rows(path) if row["slug"] == GENERAL_OFFICE])


def load_samples(db: Session, path: Path = SEED) -> None:
    """All offices of the sample bureau; those that exist are left as they are."""
    _load(db, _rows(path))


def everyone(db: Session) -> list[StaffOffice]:
    """The active offices in their order."""
    query = select(StaffOffice).where(StaffOffice.active.is_(True))
    return list(db.scalars(query.order_by(StaffOffice.position, StaffOffice.id)))


def general(db: Session) -> StaffOffice:
    """办公室. Raises NotFound when the reference data are not loaded."""
    found = db.scalar(select(StaffOffice).where(StaffOffice.slug == GENERAL_OFFICE))
    if found is None:
        raise NotFound("还没有设置办公室，请先运行 flask seed。")
    return found


def _rows(path: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(path.read_text("utf8"))
    return rows


def _load(db: Session, rows: list[dict[str, object]]) -> None:
    there = set(db.scalars(select(StaffOffice.slug)))
    db.add_all(StaffOffice(**row) for row in rows if row["slug"] not in there)
    db.flush()
