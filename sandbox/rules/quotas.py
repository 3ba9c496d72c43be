"""Calls counted by day, by minute and by month."""

from sandbox.clock import Clock
from sandbox.rules import Rules
from sandbox.rules.errors import WechatError
from sandbox.rules.paths import DAILY, MINUTE
from sandbox.store import Store

ADD = (
    "INSERT INTO counters VALUES (?, ?, ?) "
    "ON CONFLICT (period, name) DO UPDATE SET n = n + excluded.n RETURNING n"
)


class Quotas:
    """Daily counts live in the store; the minute's are forgotten with the process."""

    def __init__(self, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._minutes: dict[str, tuple[int, int]] = {}

    def use_day(self, name: str) -> None:
        """Count one call of today under the rule of that name. Raises 45009."""
        if self._add(self._clock.day(), name) > self._rules[name]:
            raise WechatError(45009)

    def use(self, path: str) -> None:
        """Count one call of a path. Raises 45011 for the minute, 45009 for the day."""
        self.use_minute(MINUTE.get(path, "api.minute"), path)
        if path in DAILY:
            self.use_day(DAILY[path])

    def use_minute(self, name: str, path: str) -> None:
        """Count one call of this minute, rule by rule; 0 is no limit for api.minute, whose count
        is each path's own. Raises 45011."""
        key = path if name == "api.minute" else name
        minute = int(self._clock.now() // 60)
        then, used = self._minutes.get(key, (minute, 0))
        used = used + 1 if then == minute else 1
        self._minutes[key] = (minute, used)
        limit = self._rules[name]
        if used > limit and (limit or name != "api.minute"):
            raise WechatError(45011)

    def used(self, name: str) -> int:
        """Calls of today."""
        return self._store.count(
            "SELECT n FROM counters WHERE period = ? AND name = ?", self._clock.day(), name
        )

    def clear(self) -> None:
        """Today's counts to nothing. Raises 48006 after the month's last time."""
        month = self._clock.day()[:7]
        if self._add(month, "quota.clears") > self._rules["quota.clears"]:
            raise WechatError(48006)
        self._store.run("DELETE FROM counters WHERE period = ?", self._clock.day())
        self._minutes.clear()

    def _add(self, period: str, name: str) -> int:
        return self._store.count(ADD, period, name, 1)
