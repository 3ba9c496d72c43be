"""The account's followers, and those who might become one."""

import base64
import hashlib

from sandbox.clock import Clock
from sandbox.rules.errors import WechatError
from sandbox.store import Row, Store


class People:
    """Rows of `followers`; a person is there before following and after leaving."""

    def __init__(self, store: Store, clock: Clock, app_id: str) -> None:
        self._store = store
        self._clock = clock
        self._app_id = app_id

    def openid(self, number: int) -> str:
        """The openid of a person: 28 characters, the same in every run of this account."""
        digest = hashlib.sha256(f"{self._app_id}:{number}".encode()).digest()
        return "o" + base64.urlsafe_b64encode(digest).decode()[:27]

    def add(self, name: str, *, following: bool = False) -> Row:
        """One more person."""
        return self.add_many(1, [name], following=following)[0]

    def add_many(self, count: int, names: list[str], *, following: bool) -> list[Row]:
        """So many more; without a name each is called 关注者 and a number."""
        first = self._store.count("SELECT max(number) FROM followers") + 1
        moment = int(self._clock.now()) if following else 0
        rows = [
            (n, self.openid(n), names[i] if i < len(names) else f"关注者{n}", following, moment)
            for i, n in enumerate(range(first, first + count))
        ]
        self._store.many(
            "INSERT INTO followers (number, openid, name, following, subscribed_at) "
            "VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        return self._store.all("SELECT * FROM followers WHERE number >= ?", first)

    def find(self, key: str) -> Row | None:
        """By openid, else by name."""
        found = self._store.one("SELECT * FROM followers WHERE openid = ?", key)
        if found is None:
            found = self._store.one(
                "SELECT * FROM followers WHERE name = ? ORDER BY number LIMIT 1", key
            )
        return found

    def known(self, openid: object) -> Row:
        """The person of an openid in a call. Raises 40003."""
        row = (
            self._store.one("SELECT * FROM followers WHERE openid = ?", openid)
            if (isinstance(openid, str))
            else None
        )
        if row is None:
            raise WechatError(40003)
        return row

    def reachable(self, openid: object) -> Row:
        """A person a message may be sent to. Raises 40003, 43004, 43019."""
        row = self.known(openid)
        if not row["following"]:
            raise WechatError(43004)
        if row["blacklisted"]:
            raise WechatError(43019)
        return row

    def follow(self, openid: str, scene: str = "") -> None:
        """From now on a follower, through a QR code's scene or by search."""
        self._store.run(
            "UPDATE followers SET following = 1, subscribed_at = ?, scene = ?, qr_scene = ? "
            "WHERE openid = ?",
            int(self._clock.now()),
            "ADD_SCENE_QR_CODE" if scene else "ADD_SCENE_SEARCH",
            scene,
            openid,
        )

    def unfollow(self, openid: str) -> None:
        """Gone: tags and remark go too."""
        self._store.run("UPDATE followers SET following = 0, remark = '' WHERE openid = ?", openid)
        self._store.run("DELETE FROM tagged WHERE openid = ?", openid)

    def total(self) -> int:
        """Everybody, following or not."""
        return self._store.count("SELECT count(*) FROM followers")

    def following(self) -> int:
        """Followers."""
        return self._store.count("SELECT count(*) FROM followers WHERE following = 1")
