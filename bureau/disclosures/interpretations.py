"""The clock of an interpretation: due three working days after its document is public.

国务院办公厅 关于在政务公开工作中进一步做好政务舆情回应和政策解读: 文件公布后3个工作日内.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bureau.disclosures import find
from bureau.disclosures.kinds import KINDS
from bureau.disclosures.models import Disclosure
from bureau.disclosures.states import State
from bureau.workdays import table

WORKDAYS = 3


@dataclass(frozen=True, slots=True)
class Timer:
    """due: the last day; late: it has passed; provisional: holidays not announced yet."""

    due: date
    late: bool
    provisional: bool


def timer(db: Session, document: Disclosure, today: date) -> Timer | None:
    """The running clock of a document's interpretation; None when there is none to wait for."""
    if not KINDS[document.kind].interpretation or document.state != State.PUBLISHED:
        return None
    exempt = document.fields.get("interpretation_exemption")
    if exempt or document.published_at is None or find.explanations(db, document.id):
        return None
    start = document.published_at.date()
    due = table.load(db, start).add_workdays(start, WORKDAYS)
    return Timer(due.day, today > due.day, due.provisional)
