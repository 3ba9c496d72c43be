"""WeChat's own limits, one row a rule: number, error code, and the page that says so."""

from collections.abc import Mapping

from sandbox.rules.table import RULES, Rule
from sandbox.store import Store

__all__ = ["RULES", "Rule", "Rules"]


class Rules:
    """The numbers in force: the table's, unless one was changed (kept over a restart)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed: dict[str, float] = store.kept("rules", {})
        self._now = {rule.name: rule.limit for rule in RULES.values()} | self._changed

    def __getitem__(self, name: str) -> int:
        """The limit as a whole number. Raises KeyError for a rule nobody wrote down."""
        return int(self._now[name])

    def seconds(self, name: str) -> float:
        """A limit that is a span, in seconds."""
        return float(self._now[name])

    def change(self, numbers: Mapping[str, float]) -> None:
        """Other numbers from now on. Raises KeyError for an unknown rule."""
        for name, number in numbers.items():
            RULES[name]
            self._changed[name] = self._now[name] = float(number)
        self._store.keep("rules", self._changed)

    def restore(self) -> None:
        """The table's numbers again."""
        self._changed.clear()
        self._now = {rule.name: rule.limit for rule in RULES.values()}

    def listed(self) -> list[dict[str, object]]:
        """Every rule as the page and the tests read it."""
        return [
            {
                "name": rule.name,
                "says": rule.says,
                "limit": self._now[rule.name],
                "default": rule.limit,
                "errcode": rule.errcode,
                "source": rule.source,
            }
            for rule in RULES.values()
        ]
