"""Where a matter of others is pointed to: changed in the console, by two, heard within seconds."""

from flask import Flask
from sqlalchemy import select

from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge import loading
from knowledge.models import Door
from tests.web.conftest import enter, load_shelves

NEW = {"name": "气象局", "phone": "0539-1234567", "words": "天气预报、暴雨预警"}


def doors_of(office: Office) -> dict[str, tuple[str, list[str], bool]]:
    with office.database.read() as db:
        return {d.name: (d.phone, d.words, d.active) for d in db.scalars(select(Door))}


def test_a_door_is_added_by_one_and_agreed_by_another(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    drafter, head = enter(app, clerks["general_office"]), enter(app, clerks["head"])
    assert drafter.post("/console/doors/", **NEW).status_code == 303
    assert doors_of(stocked) == {}
    drafter.post("/console/doors/changes/1/agree")
    assert "须由另一人复核" in drafter.get("/console/doors/").text
    with stocked.database.read() as db:
        before = loading.version_of(db)
    head.post("/console/doors/changes/1/agree")
    told = ("0539-1234567", ["天气预报", "暴雨预警"], True)
    assert doors_of(stocked) == {"气象局": told}
    with stocked.database.read() as db:
        assert loading.version_of(db) == before + 1, "every process builds its index anew"
    head.post("/console/doors/changes/1/agree")
    assert "已经处理过了" in head.get("/console/doors/").text


def test_a_telephone_changes_and_a_door_is_closed(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
        number = db.scalars(select(Door.id).where(Door.name == "信访局")).one()
    office, head = enter(app, clerks["general_office"]), enter(app, clerks["head"])
    page = office.get(f"/console/doors/{number}").text
    assert "上访" in page
    changed = {"name": "信访局", "phone": "0539-7654321", "words": "信访 上访"}
    office.post(f"/console/doors/{number}", **changed)
    head.post("/console/doors/changes/1/drop")
    assert doors_of(stocked)["信访局"][0] == "12345"
    office.post(f"/console/doors/{number}", **changed)
    head.post("/console/doors/changes/2/agree")
    assert doors_of(stocked)["信访局"] == ("0539-7654321", ["信访", "上访"], True)
    office.post(f"/console/doors/{number}", **changed, stop="1")
    head.post("/console/doors/changes/3/agree")
    assert not doors_of(stocked)["信访局"][2]


def test_a_bad_door_gets_a_sentence_and_keeps_what_was_typed(
    app: Flask, stocked: Office, clerks: dict[str, Clerk]
) -> None:
    with stocked.database.write() as db:
        load_shelves(db)
    office = enter(app, clerks["general_office"])
    for fields, sentence in (
        ({"words": "着火"}, "“着火”已经指向消防救援队伍"),
        ({"words": "雨"}, "每个词须为2到12个字"),
        ({"name": "信访局"}, "已经有“信访局”了"),
        ({"words": ""}, "请填写哪些词指到这里"),
    ):
        answer = office.post("/console/doors/", **{**NEW, **fields})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "0539-1234567" in answer.text
