"""Trouble on demand: what goes wrong next, where, and how often."""

from dataclasses import asdict, dataclass
from typing import Any

from sandbox.store import Store

API_KINDS = {
    "error": "不受理，答一个错误码 (code)",
    "lost": "受理了，却答一个错误码 (code)",
    "drop": "不受理，直接断开",
    "reset": "受理了，但断开连接，不给回答",
    "timeout": "受理了，但一直不回答 (seconds)",
    "slow": "过一会儿才回答 (seconds)",
}
CALLBACK_KINDS = {
    "duplicate": "同一条推送两遍，同时到",
    "disorder": "压住一条，让后一条先到",
    "late": "过一会儿才推送 (seconds)",
    "bad_signature": "签名不对",
}


@dataclass(slots=True)
class Fault:
    """`times` -1: until it is taken away; `path` the beginning of an API path, empty: any."""

    id: int
    where: str
    kind: str
    path: str = ""
    times: int = 1
    code: int = -1
    seconds: float = 60.0

    def seen(self) -> str:
        """Its name in the log."""
        return f"{self.kind} {self.code}" if self.kind in ("error", "lost") else self.kind


class Faults:
    """The faults in force, kept over a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._faults = [Fault(**each) for each in store.kept("faults", [])]

    def add(self, wish: dict[str, Any]) -> Fault:
        """One more. Raises ValueError for an unknown kind or a number out of range."""
        kind = wish.get("kind")
        where = "api" if kind in API_KINDS else "callback"
        if kind not in API_KINDS and kind not in CALLBACK_KINDS:
            raise ValueError(f"kind: one of {', '.join([*API_KINDS, *CALLBACK_KINDS])}")
        fault = Fault(
            id=self._store.next_id(),
            where=where,
            kind=str(kind),
            path=str(wish.get("path") or ""),
            times=int(wish.get("times", 1)),
            code=int(wish.get("code", -1)),
            seconds=min(600.0, max(0.0, float(wish.get("seconds", 60)))),
        )
        self._faults.append(fault)
        self._keep()
        return fault

    def take(self, where: str, path: str) -> Fault | None:
        """The fault this call or push meets, counted down."""
        for fault in self._faults:
            if fault.where == where and path.startswith(fault.path):
                if fault.times > 0:
                    fault.times -= 1
                    self._faults = [each for each in self._faults if each.times != 0]
                    self._keep()
                return fault
        return None

    def remove(self, number: int | None) -> None:
        """Take one away, or all."""
        self._faults = [each for each in self._faults if number is not None and each.id != number]
        self._keep()

    def listed(self) -> list[dict[str, Any]]:
        """Those in force."""
        return [asdict(fault) for fault in self._faults]

    def _keep(self) -> None:
        self._store.keep("faults", self.listed())
