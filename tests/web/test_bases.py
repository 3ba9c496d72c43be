"""依据 in the console: a mark, the rows that stop, two people, and what citizens read meanwhile."""

from flask import Flask
from sqlalchemy import select

from bureau.catalogues import bases
from bureau.catalogues.models import BasisReview, EndedDocument
from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge.library import Library
from tests.catalogues.making import PASSPORT, make_live
from tests.web.conftest import enter, make_disclosure
from web import create_pages

MARK = {"number": "发改价格〔2019〕914号", "how": "repealed", "on": "2026-03-01", "note": ""}


def test_a_marked_document_stops_its_rows_until_two_have_looked(
    office: Office, clerks: dict[str, Clerk]
) -> None:
    with office.database.write() as db:
        make_live(db, "fee", [PASSPORT], office.clock.now())
    library = Library.open(office.database, office.settings)
    app = create_pages(office, library)
    drafter, head = enter(app, clerks["drafter"]), enter(app, clerks["head"])
    assert "没有停用的答复" in drafter.get("/console/bases/").text
    wrong = drafter.post("/console/bases/", **{**MARK, "number": "某个文件"})
    assert (wrong.status_code, "请写一个文号" in wrong.text) == (422, True)
    assert drafter.post("/console/bases/", **MARK).status_code == 303
    library.refresh()
    page = drafter.get("/fees/f-1").text
    assert "依据已失效，正在复核" in page
    assert "120元" not in page
    assert "依据已失效，正在复核" in drafter.get("/fees/").text
    assert drafter.get("/api/v1/fees/f-1").json["stopped_by"] == MARK["number"]  # type: ignore[index]
    assert "依据失效待复核" in drafter.get("/console/").text
    assert "这一条不答复群众" in drafter.get("/console/catalogues/fees/f-1").text
    with office.database.read() as db:
        number = db.scalar(select(BasisReview.id))
    drafter.post(f"/console/bases/reviews/{number}/holds", note="由发改价格〔2017〕1186号延续")
    head.post(f"/console/bases/reviews/{number}/agree")
    library.refresh()
    assert "120元" in drafter.get("/fees/f-1").text
    assert drafter.get("/api/v1/fees/f-1").json["stopped_by"] == ""  # type: ignore[index]
    with office.database.read() as db:
        document = db.scalar(select(EndedDocument.id))
    assert head.post(f"/console/bases/{document}/unmark").status_code == 303
    assert "已失效的文件" in head.get("/console/bases/").text
    library.close()


def test_a_new_basis_goes_to_review(office: Office, clerks: dict[str, Clerk], app: Flask) -> None:
    with office.database.write() as db:
        make_live(db, "fee", [PASSPORT], office.clock.now())
    drafter = enter(app, clerks["drafter"])
    drafter.post("/console/bases/", **MARK)
    with office.database.read() as db:
        path = f"/console/bases/reviews/{db.scalar(select(BasisReview.id))}/rebase"
    drafter.post(path, basis="见发改价格〔2019〕914号")
    assert "还有已失效的" in drafter.get("/console/bases/").text
    batch = drafter.post(path, basis="发改价格〔2026〕7号").headers["Location"]
    assert "更换依据：普通护照" in drafter.get(batch).text


def test_a_repealed_document_says_so_on_both_pages(
    stocked: Office, clerks: dict[str, Clerk], app: Flask
) -> None:
    fields = {
        "document_number": "临财发〔2024〕5号", "registered_number": "LYCR-1",
        "effective_on": "2024-01-01", "valid_until": "2029-01-01", "interpretation_plan": "随文",
    }  # fmt: skip
    more = {"kind": "normative_document", "topic": "policy", "fields": fields}
    made = make_disclosure(stocked, "代理记账办法", **more)
    publisher, path = enter(app, clerks["publisher"]), f"/console/disclosures/{made.id}"
    assert publisher.post(f"{path}/repeal", on="2026-03-01", reason="").status_code == 422
    publisher.post(f"{path}/repeal", on="2026-03-01", reason="由新办法代替")
    for page in (path, f"/disclosures/{made.id}"):
        assert "已废止" in publisher.get(page).text
        assert "由新办法代替" in publisher.get(page).text
    again = publisher.post(f"{path}/repeal", on="2026-03-02", reason="再来")
    assert (again.status_code, "已经标记过失效" in again.text) == (422, True)


def test_a_row_past_its_last_day_is_extended_from_the_page(
    office: Office, clerks: dict[str, Clerk]
) -> None:
    now = office.clock.now()
    with office.database.write() as db:
        make_live(db, "fee", [{**PASSPORT, "valid_to": "2020-12-31"}], now)
        bases.settle(db, now)
    library = Library.open(office.database, office.settings)
    drafter = enter(create_pages(office, library), clerks["drafter"])
    page = drafter.get("/console/bases/").text
    assert "所载期限至2020-12-31" in page
    assert "延长期限" in page
    assert "换依据" not in page
    assert "所载期限已满" in drafter.get("/fees/f-1").text
    assert "所载期限已满" in drafter.get("/fees/").text
    with office.database.read() as db:
        path = f"/console/bases/reviews/{db.scalar(select(BasisReview.id))}/extend"
    drafter.post(path, until="2021-12-31")
    assert "已经过去" in drafter.get("/console/bases/").text
    batch = drafter.post(path, until="2099-12-31").headers["Location"]
    assert "延长期限：普通护照" in drafter.get(batch).text
    library.close()
