"""A disclosure at the console: written, checked, reviewed by two, published with its push."""

import pytest
from flask import Flask

from bot.followers import registry, topics
from bot.outbound.models import Push
from bureau.disclosures import publish
from bureau.disclosures.models import Disclosure
from bureau.office import Office
from bureau.staff.models import Clerk
from tests.web.conftest import Browser, enter
from web.console.push_events import STREAMS

NOTICE = {
    "kind": "notice",
    "title": "关于会计继续教育的通知",
    "topic": "accounting",
    "office": "办公室",
    "produced_on": "2026-03-01",
    "summary": "每年不少于90学分。",
    "attribute": "proactive",
}


@pytest.fixture
def desks(app: Flask, stocked: Office, clerks: dict[str, Clerk]) -> dict[str, Browser]:
    """A browser for each role."""
    return {role: enter(app, clerk) for role, clerk in clerks.items()}


def one(office: Office, number: int = 1) -> Disclosure:
    with office.database.read() as db:
        return publish.one(db, number)


def sign(browser: Browser, office: Office, step: str, passed: str = "yes", note: str = "") -> str:
    seen = one(office).content_hash
    path = f"/console/disclosures/1/{step}"
    return browser.post(path, seen=seen, passed=passed, note=note).text


def sign_all(desks: dict[str, Browser], office: Office) -> None:
    sign(desks["head"], office, "first-review")
    sign(desks["secrecy"], office, "second-review")
    sign(desks["leader"], office, "approval")


def test_written_reviewed_and_published(desks: dict[str, Browser], stocked: Office) -> None:
    assert desks["drafter"].post("/console/disclosures/new", **NOTICE).status_code == 303
    sign_all(desks, stocked)
    answer = desks["publisher"].post("/console/disclosures/1/publish")
    assert answer.status_code == 303
    found = one(stocked)
    assert (found.state, found.published_at) == ("published", stocked.clock.now())
    assert NOTICE["title"] in desks["drafter"].get("/disclosures/1").text
    with stocked.database.read() as db:
        assert db.query(Push).one().topic == "accounting"


def test_nothing_is_published_before_all_steps(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign(desks["head"], stocked, "first-review")
    answer = desks["publisher"].post("/console/disclosures/1/publish")
    assert answer.status_code == 422
    assert "还缺少审核：保密复审、批准" in answer.text
    assert one(stocked).state == "draft"


def test_an_edit_voids_the_reviews(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign_all(desks, stocked)
    desks["drafter"].post("/console/disclosures/1/edit", **{**NOTICE, "summary": "改为60学分。"})
    answer = desks["publisher"].post("/console/disclosures/1/publish")
    assert "还缺少审核：初审、保密复审、批准" in answer.text
    assert "对前一版，已作废" in desks["drafter"].get("/console/disclosures/1").text


def test_a_review_of_a_text_that_changed_meanwhile_is_refused(
    desks: dict[str, Browser], stocked: Office
) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    seen = one(stocked).content_hash
    desks["drafter"].post("/console/disclosures/1/edit", **{**NOTICE, "summary": "另写一段。"})
    answer = desks["head"].post(
        "/console/disclosures/1/first-review", seen=seen, passed="yes", note="可以"
    )
    assert "内容在您查看之后有修改" in answer.text


def test_one_person_cannot_take_every_step(desks: dict[str, Browser], stocked: Office) -> None:
    desks["admin"].post("/console/disclosures/new", **NOTICE)
    sign(desks["admin"], stocked, "first-review")
    sign(desks["admin"], stocked, "second-review")
    assert "一个人不能走完全部审核" in sign(desks["admin"], stocked, "approval")


def test_steps_follow_one_another(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    assert "请先完成初审、保密复审" in sign(desks["leader"], stocked, "approval")


def test_a_refusal_needs_a_reason(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    assert "不通过须写明理由" in sign(desks["head"], stocked, "first-review", "no")
    sign(desks["head"], stocked, "first-review", "no", "依据不全")
    assert "依据不全" in desks["drafter"].get("/console/disclosures/1").text


def test_an_identity_number_stops_every_step(desks: dict[str, Browser], stocked: Office) -> None:
    hot = {**NOTICE, "summary": "获奖人身份证号11010519491231002X。"}
    desks["drafter"].post("/console/disclosures/new", **hot)
    page = desks["drafter"].get("/console/disclosures/1").text
    assert "身份证号码" in page
    assert "须处理" in page
    assert "检查发现" in sign(desks["head"], stocked, "first-review")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "请填写标题。"),
        ({"title": "长" * 201}, "标题最多200个字，现在是201个字。"),
        ({"topic": "nothing"}, "请从列出的选项中选择主题。"),
        ({"produced_on": "昨天"}, "形成日期应为日期，例如 2026-03-02。"),
        ({"summary": "", "body_html": ""}, "至少写一项"),
        ({"attribute": "on_request"}, "须写明理由"),
        ({"source_url": "javascript:alert(1)"}, "应以 http:// 或 https:// 开头"),
        ({"body_html": "字" * 100_001}, "正文最多100000个字"),
    ],
)
def test_a_bad_draft_gets_a_sentence_and_keeps_what_was_typed(
    desks: dict[str, Browser], fields: dict[str, str], sentence: str
) -> None:
    answer = desks["drafter"].post("/console/disclosures/new", **{**NOTICE, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("summary", NOTICE["summary"]) in answer.text


def test_a_kind_asks_for_its_own_fields(desks: dict[str, Browser], stocked: Office) -> None:
    budget = {**NOTICE, "kind": "budget", "topic": "budget"}
    answer = desks["drafter"].post("/console/disclosures/new", **budget)
    assert "请填写年度。" in answer.text
    full = {"field_year": "2026", "field_unit": "市财政局", "field_approved_on": "2026-02-10"}
    assert desks["drafter"].post("/console/disclosures/new", **budget, **full).status_code == 303
    assert one(stocked).fields["approved_on"] == "2026-02-10"
    assert "市财政局" in desks["drafter"].get("/console/disclosures/1/edit").text


def test_the_forecast_says_whom_a_push_reaches(desks: dict[str, Browser], stocked: Office) -> None:
    with stocked.database.write() as db:
        for number in range(3):
            registry.subscribed(db, f"o{number}", stocked.clock.now())
            topics.follow(db, f"o{number}", "accounting", stocked.clock.now())
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    page = desks["drafter"].get("/console/disclosures/1").text
    assert '<b class="figure">3</b> 人' in page


def test_a_push_is_paused_resumed_and_cancelled(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign_all(desks, stocked)
    desks["publisher"].post("/console/disclosures/1/publish")
    for deed, told in (("pause", "已暂停"), ("resume", "已继续"), ("cancel", "已取消")):
        desks["publisher"].post(f"/console/pushes/1/{deed}")
        assert told in desks["publisher"].get("/console/pushes/1").text, deed
    desks["publisher"].post("/console/pushes/1/pause")
    assert "不能变为" in desks["publisher"].get("/console/pushes/1").text


def test_htmx_gets_only_the_figures(desks: dict[str, Browser], stocked: Office) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign_all(desks, stocked)
    desks["publisher"].post("/console/disclosures/1/publish")
    piece = desks["publisher"].client.get("/console/pushes/1", headers={"HX-Request": "true"}).text
    assert piece.lstrip().startswith('<div class="stack" id="figures"')
    assert "<html" not in piece


def test_the_figures_come_as_an_event_stream_until_the_push_stands_still(
    desks: dict[str, Browser], stocked: Office
) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign_all(desks, stocked)
    desks["publisher"].post("/console/disclosures/1/publish")
    desks["publisher"].post("/console/pushes/1/pause")
    told = desks["publisher"].get("/console/pushes/1/events")
    assert told.mimetype == "text/event-stream"
    assert told.text.startswith("retry: 1000\n\ndata: {")
    assert '"state": "paused"' in told.text
    assert told.text.endswith("event: end\ndata: {}\n\n")
    assert desks["publisher"].get("/console/pushes/2/events").status_code == 404


def test_a_process_gives_few_streams_and_takes_each_back(
    desks: dict[str, Browser], stocked: Office
) -> None:
    desks["drafter"].post("/console/disclosures/new", **NOTICE)
    sign_all(desks, stocked)
    desks["publisher"].post("/console/disclosures/1/publish")
    path, client = "/console/pushes/1/events", desks["publisher"].client
    open_ones = [client.get(path, buffered=False) for _ in range(STREAMS)]
    assert [one.status_code for one in open_ones] == [200] * STREAMS
    assert client.get(path).status_code == 204
    for one in open_ones:
        one.close()
    desks["publisher"].post("/console/pushes/1/cancel")
    assert client.get(path).status_code == 200
