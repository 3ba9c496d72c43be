"""WeChat over real HTTP fails in all its ways: 0 lost, 0 twice, by the receiving side's count."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.outbound import sweeps
from bot.outbound.bulk import BulkPost
from bot.outbound.rules import Route
from bot.outbound.wechat_api import WechatApi
from core.db import Database
from core.redis_store import RedisStore
from tests.bot.outbound.people import House, make_followers, make_house, with_rules
from tests.bot.outbound.wechat_server import SECRET, Seen, WechatServer, wechat_at_work
from tests.ops.push_at_work import prove

pytestmark = pytest.mark.slow
PEOPLE = [f"o{i:04d}" for i in range(300)]
PATHS = {
    Route.KEFU: "/cgi-bin/message/custom/send",
    Route.TEMPLATE: "/cgi-bin/message/template/send",
}


class Phones:
    """What arrived. A fault comes before WeChat takes a message, or after it."""

    def __init__(self, server: WechatServer) -> None:
        self.got: Counter[str] = Counter()
        self.asked = 0
        self.before: Callable[[int, str], Any] = lambda _number, _openid: None
        self.after: Callable[[int, str], Any] = lambda _number, _openid: None
        self._server = server
        self._keys: dict[str, int] = {}
        server.rule = self.take

    def take(self, seen: Seen) -> Any:
        if seen.path not in PATHS.values():
            return None
        with self._server.lock:
            self.asked += 1
            openid, number = str(seen.body["touser"]), self.asked
            if seen.query["access_token"] not in self._server.valid:
                return {"errcode": 40001, "errmsg": "invalid credential rid: 6a-01-ff"}
            refused = self.before(number, openid)
            if refused is not None:
                return refused
            key = str(seen.body.get("client_msg_id", number))
            if key not in self._keys:
                self._keys[key] = len(self._keys) + 1
                self.got[openid] += 1
            answer = {"errcode": 0, "errmsg": "ok", "msgid": self._keys[key]}
            return self.after(number, openid) or answer


@pytest.fixture
def server() -> Iterator[WechatServer]:
    with wechat_at_work() as server:
        yield server


@pytest.fixture
def phones(server: WechatServer) -> Phones:
    return Phones(server)


@pytest.fixture(params=list(PATHS))
def route(request: pytest.FixtureRequest) -> Route:
    return Route(request.param)


@pytest.fixture
def house(
    database: Database, redis: RedisStore, server: WechatServer, route: Route
) -> Iterator[House]:
    made = with_rules(make_house(database, redis), routes=(route, Route.WAIT), rate=400)
    make_followers(made, PEOPLE)
    api = WechatApi("wx1", SECRET, server.url, redis)
    post = BulkPost(api.base_url, api.tokens, connections=20)
    yield replace(made, engine=replace(made.engine, post=post))
    post.close()


def to_the_end(house: House, push_id: int) -> None:
    """Minutes pass, as many as WeChat's limits and our own rests need."""
    for _ in range(12):
        house.run()
        if house.push(push_id).state == "done":
            return
        house.clock.move(seconds=70)
        house.wall.move(seconds=70)
        house.engine.limiter._redis.client.flushall()
        house.engine.limiter._free = 0
        sweeps.lost_claims(house.engine)
        sweeps.unknown_again(house.engine)
        sweeps.stalled_pushes(house.engine)
    raise AssertionError(house.status(push_id))


def error(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": "no rid: 5f-01"}


def test_a_line_reset_after_acceptance_is_asked_again_only_where_wechat_knows_the_repeat(
    house: House, phones: Phones, route: Route
) -> None:
    phones.after = lambda number, _openid: "reset" if number % 10 == 0 else None
    push_id = house.put()
    to_the_end(house, push_id)
    told = prove(house.database, push_id, phones.got)
    assert sorted(phones.got) == PEOPLE
    known = 300 if route is Route.TEMPLATE else 270
    assert (told["sent"], told["unknown"]) == (known, 300 - known)
    assert set(told["reasons"]) <= {"timeout"}


def test_minus_one_is_asked_again_only_where_wechat_knows_the_repeat(
    house: House, phones: Phones, route: Route
) -> None:
    phones.before = lambda number, _openid: error(-1) if number % 10 == 0 else None
    push_id = house.put()
    to_the_end(house, push_id)
    told = prove(house.database, push_id, phones.got)
    known = 300 if route is Route.TEMPLATE else 270
    assert (told["sent"], told["unknown"]) == (known, 300 - known)
    assert set(told["reasons"]) <= {"system_error"}


def test_too_many_in_a_minute_costs_a_minute_and_nothing_else(house: House, phones: Phones) -> None:
    phones.before = lambda number, _openid: error(45011) if 120 < number < 190 else None
    push_id = house.put()
    to_the_end(house, push_id)
    assert prove(house.database, push_id, phones.got)["sent"] == 300


def test_a_token_revoked_in_mid_push_is_renewed_and_nothing_else(
    house: House, phones: Phones, server: WechatServer
) -> None:
    def revoke(number: int, _openid: str) -> None:
        if number == 150:
            server.valid = {"somebody else's"}

    phones.after = revoke
    push_id = house.put()
    to_the_end(house, push_id)
    assert prove(house.database, push_id, phones.got)["sent"] == 300
    assert server.tokens == 2


def test_the_days_quota_spent_at_sixty_percent_leaves_the_rest_waiting_by_name(
    house: House, phones: Phones
) -> None:
    phones.before = lambda _number, _o: error(45009) if sum(phones.got.values()) >= 180 else None
    push_id = house.put()
    to_the_end(house, push_id)
    told = prove(house.database, push_id, phones.got)
    assert (told["sent"], told["waiting"], told["reasons"]) == (180, 120, {"limited": 120})
    phones.before = lambda _number, _openid: None
    house.clock.moment = house.clock.moment.replace(hour=9)
    house.clock.move(hours=24)
    assert sweeps.ended_brakes(house.engine) == 120
    to_the_end(house, push_id)
    assert prove(house.database, push_id, phones.got)["sent"] == 300


def test_all_of_it_at_once_still_ends_with_one_message_or_one_reason(
    house: House, phones: Phones, server: WechatServer
) -> None:
    def before(number: int, openid: str) -> Any:
        if openid == "o0007":
            return error(43004)
        if 60 < number < 80:
            return error(45011)
        return error(-1) if number % 23 == 0 else None

    def after(number: int, _openid: str) -> Any:
        if number == 100:
            server.valid = {"somebody else's"}
        return "reset" if number % 10 == 0 else 502 if number % 31 == 0 else None

    phones.before, phones.after = before, after
    push_id = house.put()
    to_the_end(house, push_id)
    told = prove(house.database, push_id, phones.got)
    assert told["reasons"].pop("unfollowed") == 1
    assert set(told["reasons"]) <= {"timeout", "system_error"}
    assert told["sent"] > 200
