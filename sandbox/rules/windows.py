"""客服消息: how many, how long, after what.

developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

from sandbox.clock import Clock
from sandbox.rules import Rules
from sandbox.rules.errors import WechatError
from sandbox.store import Row, Store

OPEN = (
    "INSERT INTO windows VALUES (?, ?, ?, ?) ON CONFLICT (openid, span) "
    "DO UPDATE SET left_count = excluded.left_count, until = excluded.until"
)


class Windows:
    """A message opens the long window; follow, scan, menu and menu message the short one.

    Counts do not add up: a message sent while both are open is taken from both.
    """

    def __init__(self, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules

    def open(self, openid: str, trigger: str) -> None:
        """trigger: message, or menu_message, menu, subscribe, scan."""
        span = "message" if trigger == "message" else "short"
        until = self._clock.now() + self._rules.seconds(f"custom.{span}_s")
        self._store.run(OPEN, openid, span, self._rules[f"custom.{span}_count"], until)

    def open_many(self, openids: list[str]) -> None:
        """As if each of them had just written."""
        until = self._clock.now() + self._rules.seconds("custom.message_s")
        count = self._rules["custom.message_count"]
        self._store.many(OPEN, [(openid, "message", count, until) for openid in openids])

    def check(self, openid: str) -> None:
        """Raises 45015 outside every window, 45047 when the count is used."""
        windows = self.of(openid)
        if not windows:
            raise WechatError(45015)
        if not any(window["left_count"] > 0 for window in windows):
            raise WechatError(45047)

    def use(self, openid: str) -> None:
        """Take one message from every open window. Raises as `check`."""
        self.check(openid)
        self._store.run(
            "UPDATE windows SET left_count = left_count - 1 "
            "WHERE openid = ? AND until > ? AND left_count > 0",
            openid,
            self._clock.now(),
        )

    def close(self, openid: str) -> None:
        """The person left."""
        self._store.run("DELETE FROM windows WHERE openid = ?", openid)

    def of(self, openid: str) -> list[Row]:
        """The open windows of a person."""
        return self._store.all(
            "SELECT span, left_count, until FROM windows WHERE openid = ? AND until > ?",
            openid,
            self._clock.now(),
        )
