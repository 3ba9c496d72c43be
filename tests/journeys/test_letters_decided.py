"""Letters that needed a decision: returned twice, anonymous, published, split, escalated."""

from collections.abc import Iterator

import pytest
import requests

from bureau.feedback import escalation, handling, identity, publication, search, splitting
from bureau.feedback.tickets import LONGEST
from bureau.staff import accounts, offices
from bureau.staff.models import Clerk
from core.clock import SystemClock
from core.db import Database
from core.errors import Forbidden, IllegalMove
from core.privacy import Box
from core.settings import Settings
from tests.house_at_work import House
from tests.journeys.test_five_minutes import newcomer, said
from tests.journeys.test_letters import answered, arrived, handed_in, show
from tests.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def records(house: House) -> Iterator[Database]:
    """The running house's own database."""
    database = Database(f"sqlite:///{house.env['DATA_DIR']}/yangguang.db", pool_size=2)
    yield database
    database.close()


@pytest.fixture(scope="module")
def staff(house: House) -> dict[str, str]:
    """A clerk of each role that decides, by role."""
    names = {"general_office": "dispatcher", "handler": "fees-handler", "leader": "the-leader"}
    for role, name in (*names.items(), ("admin", "second-person")):
        house.flask("staff", "add", name, "--role", role)
    return {**names, "admin": "second-person"}


def test_returned_twice_the_general_office_decides_and_it_is_answered(
    house: House, records: Database, staff: dict[str, str]
) -> None:
    openid = newcomer(house)
    number = handed_in(house, openid, "票据在哪里领")
    now = SystemClock().now()
    with records.write() as db:
        offices.load_samples(db)
        handler, general = (accounts.require(db, staff[r]) for r in ("handler", "general_office"))
        room = accounts.office_by_slug(db, "fees")
        ticket = search.one(db, number)
        for reason in ("属于国库科", "仍属于国库科"):
            handling.assign(db, ticket, room, general, now)
            handling.give_back(db, ticket, handler, now, reason)
        handling.assign(db, ticket, room, general, now, reason="办公室裁定")
        with pytest.raises(IllegalMove, match="裁定"):
            handling.give_back(db, ticket, handler, now, "再退")
    answered(house, number, "票据在一楼三号窗口领取。", staff["general_office"])
    until(lambda: arrived(house, openid, "票据在一楼三号窗口领取。"), within_s=30)
    assert sum("returned" in event for event in show(house, number)["events"]) == 2


def test_an_anonymous_letter_is_answered_and_its_office_never_learns_who_wrote(
    house: House, records: Database, staff: dict[str, str]
) -> None:
    openid = newcomer(house)
    said(house, openid, "建议 反映窗口乱收费")
    said(house, openid, "姓名 王小明")
    assert "不向承办科室透露" in said(house, openid, "匿名")
    receipt = said(house, openid, "1")
    number = receipt.split("编号：")[1].split("\n")[0]
    now, box = SystemClock().now(), Box(Settings.from_env(house.env).data_key or "k")
    with records.write() as db:
        general = accounts.require(db, staff["general_office"])
        ticket, room = search.one(db, number), accounts.office_by_slug(db, "fees")
        assert ticket.anonymous
        assert "王小明" not in ticket.name_sealed
        handling.assign(db, ticket, room, general, now)
        general.office_id = room.id
        with pytest.raises(Forbidden, match="涉及本科室"):
            identity.look(db, ticket, general, now, box)
        general.office_id = None
    answered(house, number, "已责成窗口退还费用。", staff["general_office"])
    until(lambda: arrived(house, openid, "已责成窗口退还费用。"), within_s=30)


def test_with_consent_a_letter_is_published_masked(
    house: House, records: Database, staff: dict[str, str]
) -> None:
    openid, now = newcomer(house), SystemClock().now()
    said(house, openid, "建议 请给13812345678回电说明补贴口径")
    assert "可以公开" in said(house, openid, "同意公开")
    number = said(house, openid, "1").split("编号：")[1].split("\n")[0]
    answered(house, number, "补贴口径已公布。", staff["general_office"])
    with records.write() as db:
        ticket, by = search.one(db, number), accounts.require(db, staff["general_office"])
        question, answer = publication.proposal(db, ticket)
        row = publication.prepare(db, ticket, question, answer, by, now)
        with pytest.raises(Forbidden):
            publication.approve(db, row, by, now)
        publication.approve(db, row, accounts.require(db, staff["admin"]), now)
    page = requests.get(f"{house.url}/letters/", timeout=10).text
    assert "138****5678" in page
    assert "13812345678" not in page


def test_two_matters_are_told_two_numbers_and_answered_apart(
    house: House, records: Database, staff: dict[str, str]
) -> None:
    openid, now = newcomer(house), SystemClock().now()
    number = handed_in(house, openid, "大厅太热。另外停车位不够。")
    with records.write() as db:
        by: Clerk = accounts.require(db, staff["general_office"])
        ticket = search.one(db, number)
        part = splitting.split(db, ticket, ["停车位不够。"], by, now)[0]
        ask = escalation.escalate(db, part, by, now, "需要腾地方")
        escalation.instruct(db, ask, "后院开放", accounts.require(db, staff["leader"]), now)
    until(lambda: arrived(house, openid, part.number), within_s=30)
    answered(house, part.number, "后院已开放停车。", staff["general_office"])
    until(lambda: arrived(house, openid, "后院已开放停车。"), within_s=30)
    assert show(house, part.number)["due_on"] == show(house, number)["due_on"]
    assert (show(house, part.number)["state"], show(house, number)["state"]) == (
        "answered",
        "received",
    )


def test_a_letter_too_long_is_told_so_and_nothing_is_lost(house: House) -> None:
    openid = newcomer(house)
    said(house, openid, "建议 开头")
    said(house, openid, "2")
    assert "已写的内容都还在" in said(house, openid, "长" * (LONGEST - 2))
    assert "开头" in said(house, openid, "结尾")
    assert "已收到" in said(house, openid, "1")
