"""What each person's phone shows."""

import json
from typing import Any

from sandbox.clock import Clock
from sandbox.store import Row, Store

WAYS = ("in", "out", "note")  # from the person, from the account, a grey line between


class Phones:
    """The chats."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def show(self, openid: str, way: str, via: str, kind: str, body: dict[str, Any]) -> int:
        """Put a bubble or card into a chat; gives its number.

        via: typed, tapped, passive, custom, template, notice, mass, preview, wechat.
        """
        return self._store.run(
            "INSERT INTO messages (openid, at, way, via, kind, body) VALUES (?, ?, ?, ?, ?, ?)",
            openid,
            self._clock.now(),
            way,
            via,
            kind,
            json.dumps(body, ensure_ascii=False),
        )

    def show_many(self, openids: list[str], via: str, kind: str, body: dict[str, Any]) -> None:
        """The same card in many chats."""
        text = json.dumps(body, ensure_ascii=False)
        now = self._clock.now()
        self._store.many(
            "INSERT INTO messages (openid, at, way, via, kind, body) VALUES (?, ?, 'out', ?, ?, ?)",
            [(openid, now, via, kind, text) for openid in openids],
        )

    def chat(self, openid: str, after: int = 0, limit: int = 200) -> list[dict[str, Any]]:
        """The newest `limit` messages after a number, oldest first."""
        rows = self._store.all(
            "SELECT * FROM messages WHERE openid = ? AND id > ? ORDER BY id DESC LIMIT ?",
            openid,
            after,
            limit,
        )
        return [as_json(row) for row in reversed(rows)]


def as_json(row: Row) -> dict[str, Any]:
    """A message as the page and the tests read it."""
    return {
        "id": row["id"],
        "openid": row["openid"],
        "at": row["at"],
        "way": row["way"],
        "via": row["via"],
        "kind": row["kind"],
        "body": json.loads(row["body"]),
    }
