"""A disclosure beside the ordinary way: findings, files, corrections, withdrawal, emergencies."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from bureau.disclosures import find, publish
from bureau.disclosures.models import Disclosure
from bureau.office import Office
from bureau.staff import audit
from bureau.staff.models import Clerk
from tests.clocks import FixedClock
from tests.release.test_files import NUMBER, sheet
from tests.web.conftest import Browser, enter, make_disclosure

NOTICE = {
    "kind": "notice",
    "title": "关于会计继续教育的通知",
    "topic": "accounting",
    "office": "办公室",
    "produced_on": "2026-03-01",
    "summary": "每年不少于90学分。",
    "attribute": "proactive",
}
HERE = "/console/disclosures/1"
CARD = "缴款账户6222021234567890128，户名市财政局。"


@pytest.fixture
def desks(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> dict[str, Browser]:
    """A browser for each role."""
    return {role: enter(app, clerk) for role, clerk in clerks.items()}


def one(office: Office, number: int = 1) -> Disclosure:
    with office.database.read() as db:
        return publish.one(db, number)


def draft(desks: dict[str, Browser], **fields: str) -> None:
    desks["drafter"].post("/console/disclosures/new", **{**NOTICE, **fields})


def sign_all(desks: dict[str, Browser], office: Office, number: int = 1) -> list[int]:
    steps = (("head", "first-review"), ("secrecy", "second-review"), ("leader", "approval"))
    seen = one(office, number).content_hash
    path = f"/console/disclosures/{number}"
    return [
        desks[role].post(f"{path}/{step}", seen=seen, passed="yes").status_code
        for role, step in steps
    ]


def upload(browser: Browser, name: str, data: bytes, path: str = HERE) -> str:
    answer = browser.post(f"{path}/files", file=(BytesIO(data), name))
    return answer.text if answer.status_code != 303 else browser.get(path).text


def test_a_withdrawn_disclosure_keeps_its_text_and_says_why(
    desks: dict[str, Browser], stocked: Office
) -> None:
    made = make_disclosure(stocked)
    path = f"/console/disclosures/{made.id}/withdraw"
    assert desks["publisher"].post(path, reason="").status_code == 422
    assert desks["publisher"].post(path, reason="依据文件已废止").status_code == 303
    page = desks["drafter"].get(f"/disclosures/{made.id}").text
    assert "已撤回" in page
    assert "依据文件已废止" in page
    assert "现将部门预算公开。" in page
    assert made.title not in desks["drafter"].get("/disclosures/").text


def test_a_correction_is_reviewed_and_becomes_the_next_version(
    desks: dict[str, Browser], stocked: Office
) -> None:
    made = make_disclosure(stocked)
    path = f"/console/disclosures/{made.id}/correct"
    assert desks["drafter"].post(path, reason="金额有误").status_code == 303
    assert "已有一份更正稿" in desks["drafter"].post(path, reason="又一处").text
    fixed = {**NOTICE, "title": made.title, "topic": "budget", "summary": "更正后的内容。"}
    desks["drafter"].post("/console/disclosures/2/edit", **fixed)
    assert "现将部门预算公开。" in desks["drafter"].get(f"/disclosures/{made.id}").text
    assert desks["publisher"].post("/console/disclosures/2/publish").status_code == 422
    assert sign_all(desks, stocked, 2) == [303, 303, 303]
    assert desks["publisher"].post("/console/disclosures/2/publish").status_code == 303
    page = desks["drafter"].get(f"/disclosures/{made.id}").text
    assert "更正后的内容。" in page
    assert "金额有误" in page
    assert (one(stocked).version, one(stocked, 2).state) == (2, "merged")
    assert desks["drafter"].get("/disclosures/2").status_code == 404


def test_a_moment_in_the_future_waits_and_can_be_taken_back(
    desks: dict[str, Browser], stocked: Office, clock: FixedClock
) -> None:
    draft(desks)
    sign_all(desks, stocked)
    past = desks["publisher"].post(f"{HERE}/publish", at="2020-01-01T09:00")
    assert "已经过了" in past.text
    odd = desks["publisher"].post(f"{HERE}/publish", at="明天上午")
    assert "应为日期和时间" in odd.text
    later = clock.now() + timedelta(days=1)
    desks["publisher"].post(f"{HERE}/publish", at=f"{later:%Y-%m-%dT%H:%M}")
    assert one(stocked).state == "scheduled"
    assert desks["drafter"].get("/disclosures/1").status_code == 404
    assert desks["publisher"].post(f"{HERE}/unschedule").status_code == 303
    assert one(stocked).state == "draft"
    assert desks["publisher"].post(f"{HERE}/publish").status_code == 303
    assert desks["drafter"].get("/disclosures/1").status_code == 200


def test_a_number_in_a_hidden_column_stops_every_way_out(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    page = upload(desks["drafter"], "名单.xlsx", sheet(hide="column"))
    assert "隐藏的行、列或工作表" in page
    assert sign_all(desks, stocked) == [422, 422, 422]
    refused = desks["leader"].post(f"{HERE}/override", reason="汛情紧急，须立即告知群众")
    assert "检查发现" in refused.text
    assert one(stocked).state == "draft"


def test_a_file_is_bound_by_the_reviews_and_served_with_its_hash(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    sign_all(desks, stocked)
    upload(desks["drafter"], "说明.pdf", b"%PDF-1.7\nabc\n%%EOF")
    assert "还缺少审核" in desks["publisher"].post(f"{HERE}/publish").text
    assert sign_all(desks, stocked) == [303, 303, 303]
    desks["publisher"].post(f"{HERE}/publish")
    answer = desks["drafter"].get("/disclosures/1/files/1")
    assert answer.data == b"%PDF-1.7\nabc\n%%EOF"
    assert answer.headers["X-Content-SHA256"] == one(stocked).files[0]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_taken_off_is_not_served(desks: dict[str, Browser], stocked: Office) -> None:
    draft(desks)
    upload(desks["drafter"], "说明.pdf", b"%PDF-1.7\nabc\n%%EOF")
    desks["drafter"].post(f"{HERE}/files/1/remove")
    assert one(stocked).files == []
    assert desks["drafter"].get(f"{HERE}/files/1").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("", b"", "请先选择文件"),
        ("页.html", b"<script>alert(1)</script>", "只能上传"),
        ("页.pdf", b"<script>", "与扩展名不符"),
    ],
)
def test_a_bad_file_gets_a_sentence(
    desks: dict[str, Browser], stocked: Office, name: str, data: bytes, sentence: str
) -> None:
    draft(desks)
    assert sentence in upload(desks["drafter"], name, data)
    assert one(stocked).files == []


def test_a_body_beyond_all_measure_is_refused_and_others_stay_small(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    kind = "multipart/form-data; boundary=x"
    for path, megabytes in ((f"{HERE}/files", 13), (f"{HERE}/mask", 3)):
        answer = desks["drafter"].client.post(
            path, data=b"0" * (megabytes * 1024 * 1024), content_type=kind
        )
        assert (answer.status_code, "内容太大" in answer.text) == (413, True), path


def test_findings_are_masked_in_place(desks: dict[str, Browser], stocked: Office) -> None:
    draft(desks, summary=f"获奖人身份证号{NUMBER}。", body_html="<p>电话13812345678</p>")
    page = desks["drafter"].get(HERE).text
    assert "…获奖人身份证号</span><mark>110****002X</mark>" in page
    desks["drafter"].post(f"{HERE}/mask")
    found = one(stocked)
    assert (found.summary, found.version) == ("获奖人身份证号110****002X。", 2)
    assert found.body_html == "<p>电话138****5678</p>"
    assert sign_all(desks, stocked) == [303, 303, 303]


def test_a_finding_is_cleared_by_another_with_a_reason(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks, summary=CARD)
    seen = one(stocked).content_hash
    assert sign_all(desks, stocked)[0] == 422
    short = desks["head"].post(f"{HERE}/clear", place="0", seen=seen, why="对")
    assert "请写明核销的理由" in short.text
    wrong = desks["head"].post(f"{HERE}/clear", place="7", seen=seen, why="本局缴款账户")
    assert "重新审阅" in wrong.text
    good = desks["head"].post(f"{HERE}/clear", place="0", seen=seen, why="本局缴款账户")
    assert good.status_code == 303
    assert "已核销" in desks["head"].get(HERE).text
    assert sign_all(desks, stocked) == [303, 303, 303]
    desks["drafter"].post(f"{HERE}/edit", **{**NOTICE, "summary": CARD + "另"})
    assert sign_all(desks, stocked)[0] == 422


def test_an_identity_number_is_never_cleared(desks: dict[str, Browser], stocked: Office) -> None:
    draft(desks, summary=f"身份证号{NUMBER}")
    seen = one(stocked).content_hash
    answer = desks["head"].post(f"{HERE}/clear", place="0", seen=seen, why="本人同意公开")
    assert "不能核销" in answer.text


def test_an_emergency_needs_one_role_and_a_reason_and_stays_visible(
    desks: dict[str, Browser], stocked: Office
) -> None:
    draft(desks)
    assert desks["admin"].post(f"{HERE}/override", reason="汛情紧急").status_code == 403
    assert "至少10个字" in desks["leader"].post(f"{HERE}/override", reason="急").text
    reason = "汛情紧急，须立即告知群众"
    assert desks["leader"].post(f"{HERE}/override", reason=reason).status_code == 303
    assert "紧急发布" in desks["drafter"].get("/disclosures/1").text
    assert reason in desks["drafter"].get(HERE).text
    with stocked.database.read() as db:
        actions = [row.action for row in audit.latest(db)]
    assert "disclosure.override" in actions
    desks["publisher"].post(f"{HERE}/withdraw", reason="险情已解除")
    assert "紧急发布" in desks["drafter"].get("/disclosures/1").text


def test_an_interpretation_follows_its_document_and_stops_its_clock(
    desks: dict[str, Browser], stocked: Office, clock: FixedClock
) -> None:
    plan = {
        "document_number": "财〔2026〕1号", "registered_number": "R1",
        "effective_on": "2026-03-01", "valid_until": "2031-03-01",
        "interpretation_plan": "办公室解读",
    }  # fmt: skip
    fields = {f"field_{key}": value for key, value in plan.items()}
    draft(desks, kind="normative_document", **fields)
    said = ("document", "background", "main_content", "scope", "notes", "differences")
    own = {f"field_{key}": "内容" for key in (*said, "interpreter")}
    draft(desks, kind="interpretation", title="办法解读", field_explains="1", **own)
    assert sign_all(desks, stocked, 2) == [303, 303, 303]
    early = desks["publisher"].post("/console/disclosures/2/publish")
    assert "请先发布所解读的文件" in early.text
    sign_all(desks, stocked)
    desks["publisher"].post(f"{HERE}/publish")
    assert "等待解读" in desks["drafter"].get(HERE).text
    clock.move(days=9)
    assert "解读已超过期限" in desks["drafter"].get(HERE).text
    desks["publisher"].post("/console/disclosures/2/publish")
    assert "期限" not in desks["drafter"].get(HERE).text.partition("检查发现")[0]
    assert "办法解读" in desks["drafter"].get("/disclosures/1").text
    with stocked.database.read() as db:
        assert find.one(db, 2).explains_id == 1


def test_a_push_that_is_over_has_no_buttons_and_its_text_keeps_lines_and_links(
    desks: dict[str, Browser], stocked: Office
) -> None:
    made = make_disclosure(stocked)
    path = f"/console/pushes/{made.push_id}"
    page = desks["publisher"].get(path).text
    assert f"{path}/pause" in page
    assert 'class="prose pre"' in page
    assert "<a href=" in page.partition("通知内容")[2]
    desks["publisher"].post(f"{path}/cancel")
    assert f"{path}/pause" not in desks["publisher"].get(path).text
    piece = desks["publisher"].client.get(path, headers={"HX-Request": "true"}).text
    assert 'id="deeds" hx-swap-oob="delete"' in piece
