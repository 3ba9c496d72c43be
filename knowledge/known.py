"""An entry as it is answered from."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as it is answered from: everything of its row, no SQL."""

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
