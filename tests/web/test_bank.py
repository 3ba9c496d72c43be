"""题库 in the console: kept from what people found useful, asked before an import goes live."""

from flask import Flask

from bureau.catalogues import bank
from bureau.inquiries import records
from bureau.office import Office
from bureau.staff.models import Clerk
from knowledge.library import Library
from tests.catalogues.making import PASSPORT, VISA, make_batch, make_live
from tests.web.conftest import enter
from web import create_pages

BANK = "/console/inquiries/bank"


def test_what_people_found_useful_goes_into_the_bank_by_a_clerk(
    stocked: Office, app: Flask, clerks: dict[str, Clerk]
) -> None:
    at = int(stocked.clock.now().timestamp())
    row = {"origin": "q", "text": "办护照多少钱", "outcome": "answer", "at": at, "openid": "oA"}
    with stocked.database.write() as db:
        make_live(db, "fee", [PASSPORT], stocked.clock.now())
        records.keep(db, [{**row, "hits": [{"id": "f-1", "score": 0.9}]}])
        records.judge(db, [{"openid": "oA", "useful": True, "at": at + 9}], stocked.clock.now())
    drafter = enter(app, clerks["drafter"])
    assert "群众认可的答复" in drafter.get(BANK).text
    assert drafter.post(BANK, text="办护照多少钱", keys="f-1", origin="inquiry").status_code == 303
    page = drafter.get(BANK).text
    assert "群众认可的答复" not in page
    assert "群众提问" in page
    again = drafter.post(BANK, text="办护照多少钱", keys="f-1")
    assert (again.status_code, "已经有这个问题" in again.text) == (422, True)
    with stocked.database.read() as db:
        number = bank.everything(db)[0].id
    drafter.post(f"{BANK}/{number}/remove")
    assert "题库还是空的" in drafter.get(BANK).text


def test_a_lost_answer_is_shown_on_the_review_page_and_must_be_ticked(
    office: Office, clerks: dict[str, Clerk]
) -> None:
    now = office.clock.now()
    with office.database.write() as db:
        make_live(db, "fee", [PASSPORT, VISA], now)
        bank.keep(db, "普通护照工本费多少钱", ["f-1"], bank.STAFF, "办公室", now)
        number = make_batch(db, "fee", [VISA], now, replace=True).id
    library = Library.open(office.database, office.settings)
    app = create_pages(office, library)
    head, legal = enter(app, clerks["head"]), enter(app, clerks["legal"])
    path = f"/console/catalogues/imports/{number}"
    assert "用题库检验" in head.get(path).text
    head.post(f"{path}/rehearse")
    page = head.get(path).text
    assert "用题库检验" not in page
    assert "原来答得对的会答错" in page
    assert "普通护照工本费多少钱" in page
    refused = head.post(f"{path}/approve")
    assert (refused.status_code, "再勾选确认" in refused.text) == (422, True)
    answers = [who.post(f"{path}/approve", accepted="1") for who in (head, head, legal)]
    assert [one.status_code for one in answers] == [303, 303, 303]
    assert "确认放弃题库里 1 个原来的答案" in head.get(path).text
    library.close()
