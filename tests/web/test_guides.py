"""A guide written in the console tells all eight; what imported ones lack stands on a list."""

import pytest
from flask import Flask

from bureau.catalogues import find, guides
from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge.models import Kind
from tests.catalogues.making import PASSPORT, make_live
from tests.web.conftest import enter

WRITE = "/console/catalogues/guides/write"
GUIDE = {
    "name": "代理记账年度备案", "legal_basis": "财政部令第98号", "responsible_office": "会计科",
    "materials": "备案表\n业务清单", "process": "网上填报\n审核", "promised_limit": "5个工作日",
    "fee": "不收费", "consult_phone": "0539-0000000",
}  # fmt: skip


@pytest.mark.parametrize("field", GUIDE)
def test_none_of_the_eight_may_be_empty(
    app: Flask, stocked: Office, clerks: dict[str, Clerk], field: str
) -> None:
    answer = enter(app, clerks["drafter"]).post(WRITE, **{**GUIDE, field: " "})
    assert answer.status_code == 422
    assert GUIDE["name"] in answer.text or field == "name"


def test_a_word_for_nothing_is_nothing(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    answer = enter(app, clerks["drafter"]).post(WRITE, **{**GUIDE, "consult_phone": "无"})
    assert (answer.status_code, "咨询电话没有写清楚" in answer.text) == (422, True)


def test_a_guide_refers_to_a_fee_and_replaces_the_one_with_gaps(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        make_live(db, "fee", [PASSPORT], stocked.clock.now())
        make_live(db, "guide", [{"id": "g-1", "name": GUIDE["name"]}], stocked.clock.now())
    drafter, head, legal = (enter(app, clerks[role]) for role in ("drafter", "head", "legal"))
    page = drafter.get("/console/catalogues/gaps").text
    assert "办事依据、受理单位、基本流程、申请材料、收费标准、办理时限、咨询电话" in page
    assert GUIDE["name"] in drafter.get(f"{WRITE}?key=g-1").text
    assert drafter.post(WRITE, **{**GUIDE, "fee": "f-9"}).status_code == 422
    batch = drafter.post(WRITE, **{**GUIDE, "id": "g-1", "fee": "f-1"}).headers["Location"]
    for who in (head, head, legal):
        assert who.post(f"{batch}/approve").status_code == 303
    with stocked.database.read() as db:
        entry = find.one(db, Kind.GUIDE, "g-1")
        assert guides.gaps(db) == ([], 1)
    assert entry.fields["fee"] == "按收费清单“普通护照”执行"
    assert entry.fields["fee_item"] == "f-1"
    assert entry.fields["materials"] == ["备案表", "业务清单"]
    assert "没有缺项" in drafter.get("/console/catalogues/gaps").text
