"""An entry as it is answered from: everything of its row, no SQL."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Known:
    """One version of a fee, fund, guide or FAQ; `ours`: its rule holds here."""

    id: str
    kind: str
    title: str
    scope: str
    source: str
    confidence: str
    status: str
    valid_from: date | None
    valid_to: date | None
    ours: bool
    fields: dict[str, Any] = field(default_factory=dict)
    stopped_by: str = ""  # the ended documents it stands on: it does not answer while there is one
    charge: Self | None = None  # of a guide: the row of the catalogue that says what it costs

    def text(self, *names: str) -> str:
        """The first of these fields that is there, as one line."""
        for name in names:
            value = self.fields.get(name)
            if value and value != "—":
                return "；".join(value) if isinstance(value, list) else str(value)
        return ""

    def items(self, name: str) -> list[str]:
        value = self.fields.get(name) or []
        return list(value) if isinstance(value, list) else [str(value)]
