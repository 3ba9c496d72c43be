"""A clerk's screen: one click to a role, a letter answered, a push watched as it goes."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from bot.followers import registry, topics
from bot.outbound import fanout, pushes
from bot.outbound.models import Delivery
from tests.browser.conftest import Site
from tests.web.conftest import make_disclosure, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def take(page: Page, site: Site, role: str) -> None:
    """Enter by the demo door."""
    page.goto(f"{site.url}/console/sign-in")
    page.get_by_role("button", name=role, exact=True).click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_a_letter_is_answered_from_the_desk(desk: Page, site: Site) -> None:
    make_ticket(site.office, "建议在大厅增设退税专窗")
    take(desk, site, "办公室")
    desk.get_by_role("link", name="建议在大厅增设退税专窗").click()
    desk.get_by_label("答复", exact=True).fill("您好，专窗下月设立。")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="发出").click()
    expect(desk.get_by_text("答复已发出，将按微信允许的渠道送达。")).to_be_visible()
    expect(desk.get_by_text("您好，专窗下月设立。")).to_be_visible()


def test_roles_are_switched_in_one_click(desk: Page, site: Site) -> None:
    take(desk, site, "局领导")
    take(desk, site, "承办人")
    expect(desk.locator(".who")).to_contain_text("承办人")


@pytest.mark.vendor
def test_a_push_is_watched_without_reloading(desk: Page, site: Site) -> None:
    now = site.office.clock.now()
    with site.office.database.write() as db:
        for number in range(5):
            registry.subscribed(db, f"o{number}", now)
            topics.follow(db, f"o{number}", "budget", now)
    push_id = make_disclosure(site.office).push_id
    assert push_id is not None
    take(desk, site, "发布员")
    with desk.expect_response("**/events") as stream:
        desk.goto(f"{site.url}/console/pushes/{push_id}")
    assert stream.value.headers["content-type"].startswith("text/event-stream")
    expect(desk.get_by_text("0 / 5（0%）")).to_be_visible()
    with site.office.database.write() as db:
        fanout.plan_step(db, pushes.get(db, push_id), now)
        db.execute(update(Delivery).values(state="sent", sent_at=now))
    expect(desk.get_by_text("5 / 5（100%）")).to_be_visible()
    expect(desk.locator("#figures")).to_have_attribute("hx-trigger", "told")
    with site.office.database.write() as db:
        pushes.pause(db, push_id, now)
    expect(desk.get_by_text("已暂停").first).to_be_visible()
    expect(desk.locator("#figures")).not_to_have_attribute("hx-get", re.compile("."))


@pytest.mark.vendor
def test_where_no_stream_is_to_be_had_the_page_asks_for_its_figures(desk: Page, site: Site) -> None:
    desk.route("**/events", lambda route: route.fulfill(status=204))
    push_id = make_disclosure(site.office).push_id
    assert push_id is not None
    take(desk, site, "发布员")
    desk.goto(f"{site.url}/console/pushes/{push_id}")
    expect(desk.get_by_text("待发送").first).to_be_visible()
    with site.office.database.write() as db:
        pushes.pause(db, push_id, site.office.clock.now())
    expect(desk.get_by_text("已暂停").first).to_be_visible()


def test_pages_of_staff_fit_their_screen(desk: Page, site: Site) -> None:
    make_ticket(site.office, "长" * 600)
    take(desk, site, "管理员")
    paths = [link.get_attribute("href") for link in desk.locator(".rail nav a").all()]
    assert len(paths) >= 8
    for path in [*paths, "/console/tickets/JY26-0001-D", "/console/disclosures/new"]:
        desk.goto(f"{site.url}{path}")
        assert desk.evaluate(WIDER) <= 0, path
