"""The signed links of the chat: 我的订阅, and one letter for its sender alone."""

from bot.followers import own_page, topics
from bureau.office import Office
from tests.clocks import FixedClock
from tests.web.conftest import Browser, make_ticket


def test_the_link_of_a_notice_opens_its_letter_for_its_sender_alone(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    mine, other = make_ticket(stocked, "我的建议"), make_ticket(stocked, "别的建议")
    page, other_page = (f"/tickets/{one.ticket.number}" for one in (mine, other))
    key, now = stocked.settings.secret_key, clock.now()
    strangers = own_page.letter_for("oSTRANGER", page, key, now)
    of_another = own_page.letter_for("oANNA", other_page, key, now).replace(other_page, page)
    own_list = own_page.path_for("oANNA", key, now).replace("/me", page)
    for wrong in (strangers, of_another, own_list):
        browser.get(wrong)
        assert "我的建议" not in browser.get(page).text
    path = own_page.letter_for("oANNA", page, key, now)
    assert browser.get(path).headers["Location"] == page
    assert "我的建议" in browser.get(page).text
    assert "别的建议" not in browser.get(other_page).text
    late = Browser(browser.client.application.test_client())
    clock.move(days=7)
    late.get(path)
    assert "我的建议" not in late.get(page).text


def test_the_own_page_follows_and_unfollows(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    path = own_page.path_for("oANNA", stocked.settings.secret_key, clock.now())
    assert browser.get("/me/").status_code == 403
    assert browser.get(path).headers["Location"] == "/me/"
    browser.post("/me/budget/follow")
    with stocked.database.read() as db:
        assert [one.slug for one in topics.of(db, "oANNA")] == ["budget"]
    assert "已订阅“预决算”" in browser.get("/me/").text
    browser.post("/me/budget/unfollow")
    with stocked.database.read() as db:
        assert topics.of(db, "oANNA") == []


def test_an_old_or_forged_link_opens_nothing(
    stocked: Office, browser: Browser, clock: FixedClock
) -> None:
    path = own_page.path_for("oANNA", stocked.settings.secret_key, clock.now())
    browser.get(path)
    clock.move(days=8)
    assert browser.get("/me/").status_code == 403
    assert browser.get(path).status_code == 403
    assert browser.get("/me/forged.token").status_code == 403
    assert browser.post("/me/budget/follow").status_code == 403
