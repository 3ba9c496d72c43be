"""Files put into a citizen's form: by their content, counted, kept with it, opened by few."""

import hashlib
import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from bureau.feedback import attachments, chain, requests, search
from bureau.feedback.models import Attachment
from bureau.office import Office
from bureau.staff import accounts
from bureau.staff.models import Clerk
from core.settings import Settings
from ops import feedback_sweeps
from tests.clocks import FixedClock
from tests.web.conftest import Browser, enter, make_ticket

PDF = b"%PDF-1.7\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
LETTER = {"kind": "suggestion", "text": "建议增设退税专窗"}
NUMBER = re.compile(r'class="number">([A-Z]{2}\d\d-\d{4}-[0-9A-Z])<')
MARK = re.compile(r'name="mark" value="([^"]+)"')
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*parts: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for part in parts:
            file.writestr(part, b"<x/>")
    return made.getvalue()


def wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def file(content: bytes, name: str) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def write(browser: Browser, **fields: Any) -> TestResponse:
    """Open the form and send it, as a browser without any script would."""
    mark = MARK.search(browser.get("/suggest").text)
    assert mark
    return browser.post("/suggest", **{"mark": mark[1], **LETTER, **fields})


def rows(office: Office) -> list[Attachment]:
    with office.database.read() as db:
        return list(db.query(Attachment).order_by(Attachment.id))


def number_of(browser: Browser) -> str:
    found = NUMBER.search(browser.get("/suggest/receipt").text)
    assert found
    return found[1]


TAKEN = {
    "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
    "photo.png": PNG,
    "photo.webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "票据.pdf": PDF,
    "说明.docx": packed("word/document.xml"),
    "明细.xlsx": packed("xl/workbook.xml"),
    "旧.doc": OLD + wide("WordDocument"),
    "旧.xls": OLD + wide("Workbook"),
    "说明.txt": "缴费情况说明".encode("gb18030"),
    "明细.csv": "项目,金额\r\n工本费,10\r\n".encode(),
}
REFUSED = {
    "page.html": b"<script>alert(1)</script>",
    "page.txt.html": b"x",
    "drawing.svg": b"<svg onload=alert(1)>",
    "program.exe": b"MZ\x90\x00",
    "renamed.jpg": b"MZ\x90\x00",
    "packed.zip": packed("a.txt"),
    "macro.docx": packed("word/document.xml", "word/vbaProject.bin"),
    "macro.doc": OLD + wide("WordDocument") + wide("_VBA_PROJECT"),
    "secret.docx": OLD + wide("EncryptedPackage"),
    "broken.xlsx": b"PK\x03\x04" + b"x" * 60,
    "binary.txt": b"\x00\x01\x02",
    "half.txt": b"\xff\xfe\xfa",
    "empty.pdf": b"",
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_people_send_is_kept_by_its_content(
    stocked: Office, browser: Browser, name: str
) -> None:
    assert write(browser, files=file(TAKEN[name], name)).status_code == 303
    (row,) = rows(stocked)
    kept = stocked.settings.data_dir / "uploads" / row.path
    assert kept.read_bytes() == TAKEN[name]
    assert row.sha256 == hashlib.sha256(TAKEN[name]).hexdigest()
    assert (row.name, row.state, row.size_bytes) == (name, "kept", len(TAKEN[name]))
    with stocked.database.read() as db:
        ticket = search.one(db, number_of(browser))
        (event,) = [e for e in chain.events(db, ticket) if e.action == "enclosed"]
        assert event.content == {"files": [{"sha256": row.sha256, "bytes": len(TAKEN[name])}]}
        assert row.ticket_id == ticket.id


@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_gets_a_sentence_and_keeps_what_was_typed(
    stocked: Office, browser: Browser, name: str
) -> None:
    answer = write(browser, files=file(REFUSED[name], name), place="兰山区")
    assert answer.status_code == 422
    assert f"“{name}”没有收下：" in answer.text
    assert all(typed in answer.text for typed in (LETTER["text"], "兰山区"))
    assert rows(stocked) == []
    assert not list(stocked.settings.data_dir.rglob(f"*{name[-4:]}"))


def test_a_form_that_comes_back_still_has_its_files(stocked: Office, browser: Browser) -> None:
    mark = MARK.search(browser.get("/suggest").text)[1]  # type: ignore[index]
    good, bad = file(PDF, "票据.pdf"), file(b"MZ", "病毒.exe")
    back = browser.post("/suggest", mark=mark, **LETTER, files=[good, bad])
    assert back.status_code == 422
    assert "“病毒.exe”没有收下" in back.text
    assert "已附：票据.pdf（1 KB）" in back.text
    assert MARK.search(back.text)[1] == mark  # type: ignore[index]
    assert browser.post("/suggest", mark=mark, **LETTER).status_code == 303
    assert [(row.name, row.ticket_id is not None) for row in rows(stocked)] == [("票据.pdf", True)]


def test_a_file_is_taken_out_again_by_a_tick(stocked: Office, browser: Browser) -> None:
    mark = MARK.search(browser.get("/suggest").text)[1]  # type: ignore[index]
    back = browser.post("/suggest", mark=mark, text="", files=file(PDF, "错的.pdf"))
    (row,) = rows(stocked)
    assert f'name="leave_out" value="{row.id}"' in back.text
    stranger = Browser(browser.client.application.test_client())
    stranger.post("/suggest", mark=mark, text="", leave_out=str(row.id))
    assert len(rows(stocked)) == 1, "another browser took it out"
    browser.post("/suggest", mark=mark, text="", leave_out=str(row.id))
    assert rows(stocked) == []
    assert not list((stocked.settings.data_dir / "uploads").iterdir())


def test_ten_files_are_one_too_many(stocked: Office, browser: Browser) -> None:
    sent = [file(PDF + str(n).encode(), f"{n}.pdf") for n in range(10)]
    answer = write(browser, files=sent)
    assert answer.status_code == 422
    assert "“9.pdf”没有收下：一件来信最多附9个附件" in answer.text
    assert len(rows(stocked)) == attachments.MOST


def test_the_same_form_twice_is_one_letter_with_its_files_once(
    stocked: Office, browser: Browser
) -> None:
    mark = MARK.search(browser.get("/suggest").text)[1]  # type: ignore[index]
    for _ in range(2):
        browser.post("/suggest", mark=mark, **LETTER, files=file(PDF, "票据.pdf"))
    with stocked.database.read() as db:
        assert len(search.everything(db)) == 1
    assert len(rows(stocked)) == 1


def test_two_forms_open_at_once_are_two_letters(stocked: Office, browser: Browser) -> None:
    first, second = (MARK.search(browser.get("/suggest").text)[1] for _ in range(2))  # type: ignore[index]
    browser.post("/suggest", mark=first, kind="suggestion", text="第一件")
    browser.post("/suggest", mark=second, kind="suggestion", text="第二件")
    browser.post("/suggest", mark=second, kind="suggestion", text="第二件，改过")
    with stocked.database.read() as db:
        assert [one.text for one in search.everything(db)] == ["第一件", "第二件", "第二件，改过"]


def test_only_who_may_read_the_letter_opens_its_files(
    app: Flask, stocked: Office, browser: Browser, clerks: dict[str, Clerk]
) -> None:
    write(browser, files=[file(PDF, "票据13812345678.pdf"), file(PNG, "现场.png")])
    number, (paper, photo) = number_of(browser), rows(stocked)
    address = f"/console/tickets/{number}/pictures"
    with enter(app, clerks["general_office"]).get(f"{address}/{paper.id}") as answer:
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Content-SHA256"] == paper.sha256
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    with enter(app, clerks["general_office"]).get(f"{address}/{photo.id}") as answer:
        assert "attachment" not in answer.headers.get("Content-Disposition", "")
    with stocked.database.write() as db:
        handler = accounts.require(db, "handler")
        handler.office_id = accounts.office_by_slug(db, "budget").id
    for client in (enter(app, handler), Browser(app.test_client())):
        assert client.get(f"{address}/{paper.id}").status_code in (303, 404)
    assert (
        "票据138****5678.pdf（1 KB）"
        in enter(app, clerks["admin"]).get(f"/console/tickets/{number}").text
    )


def test_a_supplement_brings_its_files(
    app: Flask, stocked: Office, browser: Browser, clerks: dict[str, Clerk]
) -> None:
    made = make_ticket(stocked, kind="request", name="王", phone="0539-1234567")
    number = made.ticket.number
    with stocked.database.write() as db:
        ticket, by = search.one(db, number), clerks["general_office"]
        requests.ask_supplement(db, ticket, "身份证明", 5, by, stocked.clock.now())
    browser.post("/tickets", number=number, code=made.secret_code)
    assert 'enctype="multipart/form-data"' in browser.get(f"/tickets/{number}").text
    address = f"/tickets/{number}/supplement"
    back = browser.post(address, text="我补正", files=[file(PDF, "证明.pdf"), file(b"MZ", "a.exe")])
    assert back.status_code == 422
    assert all(words in back.text for words in ("我补正", "已附：证明.pdf", "“a.exe”没有收下"))
    stranger = Browser(app.test_client())
    stranger.post(address, text="别人", files=file(PNG, "b.png"))
    assert browser.post(address, text="我补正").status_code == 303
    assert [(row.name, row.ticket_id) for row in rows(stocked)] == [("证明.pdf", made.ticket.id)]
    assert "附件：证明.pdf" in browser.get(f"/tickets/{number}").text
    browser.post(address, text="再来", files=file(PNG, "c.png"))
    assert len(rows(stocked)) == 1, "nobody asked for another supplement"


def test_files_of_a_letter_never_handed_in_go_after_two_days(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    write(browser, text="", files=file(PDF, "没交.pdf"))
    write(browser, files=file(PNG, "交了.png"))
    feedback_sweeps.keep_house(stocked)
    assert len(rows(stocked)) == 2
    clock.moment += attachments.FORM_LIFE + timedelta(minutes=1)
    feedback_sweeps.keep_house(stocked)
    assert [row.name for row in rows(stocked)] == ["交了.png"]
    (left,) = (stocked.settings.data_dir / "uploads").iterdir()
    assert left.read_bytes() == PNG


def test_one_network_may_not_fill_the_disk(stocked: Office, browser: Browser) -> None:
    for part in range(8):
        sent = [file(PDF + f"{part}-{n}".encode(), f"{n}.pdf") for n in range(9)]
        answer = write(browser, text="", files=sent)
    assert "同一网络一小时内上传较多" in answer.text
    assert len(rows(stocked)) == 60


@pytest.mark.parametrize("size", ["0", "51", "x"])
def test_the_largest_file_is_a_setting_within_reason(size: str) -> None:
    with pytest.raises(Exception, match="LETTER_FILE_MB"):
        Settings.from_env({"LETTER_FILE_MB": size})
