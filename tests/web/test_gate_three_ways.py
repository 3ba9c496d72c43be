"""The gate by command, page and API: what may not go out finds no way out.

Pages: a hidden column in test_disclosure_care, edits and single hands in test_disclosures.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bot.outbound.models import Push
from bureau.disclosures import publish
from bureau.disclosures.content import content_of
from bureau.office import Office
from bureau.staff.models import Clerk
from core.errors import Refusal
from ops.commands.publish import command
from tests.release.test_files import NUMBER, packed, sheet
from tests.web.conftest import Browser, enter
from tests.web.test_disclosure_care import draft, sign_all, upload

OUTSIDE: dict[str, Any] = {
    "kind": "notice",
    "title": "关于会计继续教育的通知",
    "topic": "accounting",
    "produced_on": "2026-03-01",
    "summary": "每年不少于90学分。",
    "review": {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"},
}


@pytest.fixture
def desks(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> dict[str, Browser]:
    """A browser for each role."""
    return {role: enter(app, clerk) for role, clerk in clerks.items()}


@pytest.fixture
def by_command(monkeypatch: pytest.MonkeyPatch, stocked: Office, tmp_path: Path) -> "ByCommand":
    monkeypatch.setenv("DATABASE_URL", str(stocked.database.engine.url))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return ByCommand(tmp_path / "one.json")


class ByCommand:
    """`flask publish` with these changes to the file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, files: Mapping[str, bytes] | None = None, **changes: Any) -> Result:
        """`files` are given by --attach, those the object names stand beside it."""
        named = changes.get("attachments", [])
        given = dict(files or {})
        for name, data in given.items():
            (self._file.parent / name).write_bytes(data)
        attached = [f"--attach={self._file.parent / name}" for name in given if name not in named]
        self._file.write_text(json.dumps({**OUTSIDE, **changes}, ensure_ascii=False), "utf8")
        return CliRunner().invoke(command, [str(self._file), *attached])


def nothing_is_out(browser: Browser, office: Office, number: int = 1) -> bool:
    """Neither the open data nor the citizens' page know it, and nobody is told."""
    listed = browser.get("/api/v1/disclosures").get_json()["items"]
    one = browser.get(f"/api/v1/disclosures/{number}").status_code
    page = browser.get(f"/disclosures/{number}").status_code
    with office.database.read() as db:
        told = db.query(Push).count()
    return (listed, one, page, told) == ([], 404, 404, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": f"经办人{NUMBER}"},
        {"kind": "key_area", "fields": {"area": "直达资金", "period": f"经办人{NUMBER}"}},
        {"body_html": f"<p hidden>经办人{NUMBER}</p>"},
        {"review": {"drafted_by": "张三", "reviewed_by": "张三", "approved_by": "张三"}},
        {"review": {"drafted_by": "张三", "reviewed_by": "", "approved_by": "王五"}},
        {"attribute": "不予公开", "attribute_reason": "内部事务"},
    ],
    ids=["number", "number in a field", "hidden number", "one person", "no review", "attribute"],
)
def test_the_command_lets_nothing_out_that_the_gate_stops(
    by_command: ByCommand, desks: dict[str, Browser], stocked: Office, changes: dict[str, Any]
) -> None:
    assert by_command(**changes).exit_code == 1
    assert nothing_is_out(desks["drafter"], stocked)


def test_the_command_lets_out_what_two_people_released(
    by_command: ByCommand, desks: dict[str, Browser], stocked: Office
) -> None:
    assert by_command().exit_code == 0
    assert len(desks["drafter"].get("/api/v1/disclosures").get_json()["items"]) == 1


@pytest.mark.parametrize("way", ["option", "object"])
@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("名单.xlsx", sheet(hide="column"), "身份证号"),
        ("名单.xlsx", sheet(hide="sheet"), "身份证号"),
        ("通知.exe", b"MZ" + b"0" * 100, "只能上传"),
        ("通知.pdf", b"MZ" + b"0" * 100, "内容与扩展名不符"),
        ("空.pdf", b"", "文件是空的"),
        ("大.pdf", b"%PDF-" + b"0" * 10_500_000, "不能超过"),
        ("宏.docx", packed(**{"word__document.xml": "x", "word__vbaProject.bin": "x"}), "宏"),
    ],
    ids=["hidden column", "hidden sheet", "type", "content", "empty", "size", "macro"],
)
def test_the_command_takes_no_file_that_the_page_would_refuse(
    by_command: ByCommand,
    desks: dict[str, Browser],
    stocked: Office,
    way: str,
    name: str,
    data: bytes,
    why: str,
) -> None:
    named = {"attachments": [name]} if way == "object" else {}
    done = by_command({name: data}, **named)
    assert done.exit_code == 1
    assert why in str(done.exception), done.exception
    assert name in str(done.exception)
    assert nothing_is_out(desks["drafter"], stocked)


def test_files_given_to_the_command_are_served_and_named_by_their_hash(
    by_command: ByCommand, desks: dict[str, Browser], stocked: Office
) -> None:
    data = packed(**{"word__document.xml": "<w:t>每年不少于90学分</w:t>"})
    done = by_command({"通知.docx": data})
    assert done.exit_code == 0, done.output
    digest = hashlib.sha256(data).hexdigest()
    (listed,) = desks["drafter"].get("/api/v1/disclosures").get_json()["items"]
    assert [url.rpartition("/")[2] for url in listed["attachments"]] == [digest]
    path = f"/disclosures/1/files/{digest}"
    served = desks["drafter"].get(path)
    assert (served.data, served.headers["X-Content-SHA256"]) == (data, digest)
    assert desks["drafter"].get(f"/disclosures/1/files/{'0' * 64}").status_code == 404
    assert "通知.docx" in desks["drafter"].get("/disclosures/1").text
    again = by_command({"通知.docx": data})
    assert json.loads(again.output) == json.loads(done.output)
    other = by_command({"通知.docx": data + b" "})
    assert json.loads(other.output)["disclosure"] == 2


def test_an_attachment_that_is_not_there_is_said(by_command: ByCommand) -> None:
    done = by_command(attachments=["没有.pdf"])
    assert (done.exit_code, "读不到附件" in done.output) == (1, True)
    done = by_command(attachments="没有.pdf")
    assert (done.exit_code, "应为文件名的列表" in done.output) == (1, True)


def test_the_command_publishes_no_interpretation_before_its_document(
    by_command: ByCommand, desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    fields = dict.fromkeys(
        ("document", "background", "main_content", "scope", "notes", "differences", "interpreter"),
        "见文件",
    )
    done = by_command(kind="interpretation", fields={**fields, "explains": "1"})
    assert done.exit_code == 1
    assert "请先发布所解读的文件" in str(done.exception)
    assert nothing_is_out(desks["drafter"], stocked, 2)


def test_reviews_of_one_text_do_not_release_another_by_command(
    by_command: ByCommand, desks: dict[str, Browser], stocked: Office
) -> None:
    by_command()
    with stocked.database.write() as db:
        first = publish.one(db, 1)
        first.state, first.summary = "draft", "每年不少于60学分。"
        first.content_hash = content_of(first).hash
    with stocked.database.write() as db, pytest.raises(Refusal, match="还缺少审核"):
        publish.go_out(db, publish.one(db, 1), stocked.clock.now())


def test_the_api_shows_only_what_passed_and_takes_nothing_in(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    upload(desks["drafter"], "名单.xlsx", sheet(hide="column"))
    sign_all(desks, stocked)
    desks["publisher"].post("/console/disclosures/1/publish")
    assert nothing_is_out(desks["publisher"], stocked)
    assert desks["publisher"].get("/disclosures/1/files/1").status_code == 404
    for path in ("/api/v1/disclosures", "/api/v1/disclosures/1"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(desks["leader"].client, method)(path, json=OUTSIDE)
            assert answer.status_code == 405, (method, path)
