"""A clock for tests: it stands still until it is moved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.clock import SHANGHAI


@dataclass
class FixedClock:
    """Monday 2 March 2026, ten in the morning, unless told otherwise."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI))

    def now(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)
