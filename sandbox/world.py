"""The account as one object: its options, time, memory, limits and what waits to happen."""

import json
from collections.abc import Callable
from typing import Any

from sandbox.callbacks.crypto import Sealer
from sandbox.clock import Clock
from sandbox.options import Options
from sandbox.people import People
from sandbox.phonebook import Phones
from sandbox.rules import Rules
from sandbox.rules.quotas import Quotas
from sandbox.rules.windows import Windows
from sandbox.store import Store


class World:
    """Everything a call or a tap needs. Used by one thread."""

    def __init__(self, options: Options, store: Store, clock: Clock) -> None:
        self.options = options
        self.store = store
        self.clock = clock
        self.rules = Rules(store)
        self.quotas = Quotas(store, clock, self.rules)
        self.windows = Windows(store, clock, self.rules)
        self.people = People(store, clock, options.app_id)
        self.phones = Phones(store, clock)
        self.wake: Callable[[], None] = lambda: None
        self.furnish()

    def furnish(self) -> None:
        """The account's templates and, in an empty world, three people who do not follow yet."""
        self.store.many(
            "INSERT INTO templates VALUES (?, ?, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET kind = excluded.kind, title = excluded.title, fields = excluded.fields",
            [(t.id, t.kind, t.title, ",".join(t.fields)) for t in self.options.templates],
        )
        if not self.people.total():
            for name in ("张敏", "李建国", "王芳"):
                self.people.add(name)
        self.store.commit()

    def setting(self, name: str) -> Any:
        """A switch of the account, its default from SETTINGS; mode and type from the options."""
        defaults = {"mode": self.options.mode, "account_type": self.options.account_type}
        return self.store.kept(f"setting.{name}", defaults.get(name, SETTINGS.get(name)))

    @property
    def sealer(self) -> Sealer:
        """Closes and opens with the EncodingAESKey in force."""
        return Sealer(self.setting("aes_key") or self.options.aes_key, self.options.app_id)

    def later(self, kind: str, delay_s: float, body: dict[str, Any]) -> int:
        """Something that happens after `delay_s` of the sandbox's time; gives its number."""
        due = self.clock.now() + delay_s
        text = json.dumps(body, ensure_ascii=False)
        number = self.store.run(
            "INSERT INTO jobs (due_at, kind, body) VALUES (?, ?, ?)", due, kind, text
        )
        self.wake()
        return number

    def reset(self) -> None:
        """An account nobody has used; the clock stays where it is."""
        self.store.empty()
        self.rules.restore()
        self.furnish()


SETTINGS: dict[str, Any] = {
    "mode": "",  # safe, compatible, plain
    "account_type": "",  # service, subscription
    "certified": True,  # False: most calls answer 48001
    "ip_whitelist": [],  # empty: everyone may call
    "confirm_mass": False,  # True: a mass to all waits for an administrator
    "oauth_domain": "",  # the exact host codes may be sent to, empty: any
    "recognition": True,  # voice carries Recognition
    "receipts": True,  # TEMPLATESENDJOBFINISH and its kin are sent
    "blocked_words": [],  # template messages with one of them are refused
    "aes_key": "",  # the EncodingAESKey after a change, empty: the one it was started with
    "callback": "",  # where callbacks go, instead of --callback
}
