"""What staff are told before sending is what then happens: a month and a half over real HTTP.

The house counts by its own ledgers, the sandbox by its own: windows, consents, mass sends a month.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot.outbound.forecast import forecast
from bot.outbound.models import Consent, Delivery, NoticeTemplate, Window
from bot.outbound.rules import Route, Rules
from core.clock import SHANGHAI, SystemClock
from core.db import Database
from core.defaults import with_defaults
from core.settings import Settings
from tests.house_at_work import House, house_at_work
from tests.journeys.test_five_minutes import DISCLOSURE, phone, push_status, said
from tests.waiting import until

pytestmark = pytest.mark.slow
# The notice that the account has for disclosures: the sandbox has one of each kind.
NOTICES = {"long": "SANDBOX-NOTICE-DISCLOSURE", "once": "SANDBOX-NOTICE-TICKET"}
DAY_S = 86_400


@pytest.fixture(scope="module", params=NOTICES)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    notice = NOTICES[request.param]
    folder = tmp_path_factory.mktemp("house")
    with house_at_work(folder, WECHAT_NOTICE_DISCLOSURE=notice, SEED="0") as house:
        yield house


@dataclass
class Month:
    """The house seen from inside, and its clock."""

    house: House
    database: Database
    settings: Settings
    folder: Path

    def now(self) -> datetime:
        return SystemClock(self.settings.clock_file).now()

    def forecast(self) -> dict[Route, int]:
        with self.database.read() as db:
            return forecast(db, "budget", Rules.of(self.settings), self.now())

    def push(self, title: str) -> tuple[dict[Route, int], dict[str, str]]:
        """Publish and wait for the end: → what happened by route, and each person's route."""
        file = self.folder / "one.json"
        file.write_text(json.dumps({**DISCLOSURE, "title": title}, ensure_ascii=False), "utf8")
        push = int(json.loads(self.house.flask("publish", str(file)).stdout)["push"])
        until(lambda: push_status(self.house, push)["state"] == "done", within_s=60, every_s=0.3)
        with self.database.read() as db:
            rows = db.query(Delivery).where(Delivery.push_id == push).all()
        took = {row.openid: row.route if row.state == "sent" else Route.WAIT for row in rows}
        found = Counter(Route(route) for route in took.values())
        return {route: found[route] for route in self.forecast()}, took

    def to_day(self, month: int, day: int) -> None:
        """Ten in the morning of a day to come."""
        now = self.now()
        later = now.replace(year=now.year + (month < now.month), month=month, day=day, hour=10)
        self.house.sandbox("clock/advance", seconds=int((later - now).total_seconds()))

    def write(self, people: list[str]) -> None:
        """They ask something; what waited for them is handed over before this ends."""
        for openid in people:
            said(self.house, openid, "护照多少钱")
        until(lambda: self._seen(people) and not self._moving(), within_s=30, every_s=0.2)

    def _seen(self, people: list[str]) -> bool:
        with self.database.read() as db:
            open_ = Window.openid.in_(people), Window.kefu_until > self.now()
            return db.query(Window).where(*open_).count() == len(people)

    def _moving(self) -> bool:
        with self.database.read() as db:
            states = Delivery.state.in_(("pending", "claimed"))
            return db.query(Delivery).where(states).count() > 0


@pytest.fixture
def month(house: House, tmp_path: Path) -> Iterator[Month]:
    settings = with_defaults(Settings.from_env(house.env))
    database = Database(settings.database_url)
    yield Month(house, database, settings, tmp_path)
    database.close()


def test_the_forecast_is_what_happens_all_the_month(month: Month) -> None:
    house = month.house
    people = house.sandbox("followers", count=12)["openids"]
    for openid in people:
        house.sandbox("follow", openid=openid)
        assert "已为您订阅" in said(house, openid, "订阅 预决算")
    talkers, agreed = people[:3], people[3:7]
    template = month.settings.wechat_notice_disclosure
    for _ in range(2):  # a long-term right, or two credits
        for openid in agreed:
            house.sandbox("consent", openid=openid, template_id=template)
        house.sandbox("clock/advance", seconds=2)  # twice in a second is WeChat's repeat
    until(lambda: _known(month), within_s=40, every_s=0.2)
    lasting = template == NOTICES["long"]

    first = month.now().astimezone(SHANGHAI).month % 12 + 1
    history = []
    for number, day in enumerate((2, 6, 10, 14, 18, 22)):
        month.to_day(first, day)
        if number % 2 == 0:
            month.write(talkers[: 3 - number // 2])
        expected = month.forecast()
        happened, took = month.push(f"第{number}条公开信息")
        assert happened == expected, f"push {number}"
        history.append(expected)
        reached = {o for o, route in took.items() if route is not Route.WAIT}
        assert all_told(house, people, number, reached) == Counter(reached)

    assert [h[Route.KEFU] for h in history] == [3, 0, 2, 0, 1, 0]
    longs = [4] * 6 if lasting else [0] * 6
    onces = [0] * 6 if lasting else [4, 4, 0, 0, 0, 0]
    assert [h[Route.NOTICE_LONG] for h in history] == longs
    assert [h[Route.NOTICE_ONCE] for h in history] == onces
    masses = [5, 8, 6, 8, 2, 2] if lasting else [5, 8, 10, 12, 6, 6]
    assert [h[Route.MASS] for h in history] == masses
    assert [h[Route.WAIT] for h in history] == [0, 0, 0, 0, 5, 6]  # their month is full

    month.to_day(first % 12 + 1, 3)
    expected = month.forecast()
    assert expected[Route.MASS] == 12 - (4 if lasting else 0)  # a new month
    assert month.push("新的一月")[0] == expected


def _known(month: Month) -> bool:
    """The consents, and which kind the account's notice is."""
    with month.database.read() as db:
        return (db.query(Consent).count(), db.query(NoticeTemplate).count()) == (4, 2)


def all_told(house: House, people: list[str], number: int, reached: set[str]) -> Counter[str]:
    until(lambda: told(house, people, number).keys() >= reached, within_s=20, every_s=0.3)
    return told(house, people, number)


def told(house: House, people: list[str], number: int) -> Counter[str]:
    """By WeChat's own chats: how often each person has had it, without those who have not."""
    title = f"第{number}条"
    return +Counter({o: sum(title in bubble for bubble in phone(house, o)) for o in people})
