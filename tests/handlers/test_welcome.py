"""Coming and going."""

import pytest
from sqlalchemy import select

from bot.followers import leaving, topics
from bot.followers.models import Follower
from bot.outbound import outbox
from bot.outbound.models import Delivery, Segment
from bot.outbound.notice import Notice
from bot.outbound.notice import Person as ToPerson
from bureau.feedback.models import Ticket
from bureau.inquiries import records
from bureau.inquiries.models import Inquiry
from bureau.office import Office
from handlers import phrases
from ops import departures
from tests.talking import Person


@pytest.fixture(autouse=True)
def _reference(office: Office) -> None:
    with office.database.write() as db:
        topics.load_reference(db)


def test_a_newcomer_is_greeted_and_known_with_where_they_came_from(
    person: Person, office: Office
) -> None:
    said = person.event("subscribe", "hall-3")
    assert office.settings.bureau_name in said
    with office.database.read() as db:
        follower = db.get_one(Follower, person.openid)
    assert (follower.following, follower.scene) == (True, "hall-3")


def test_whoever_leaves_is_told_nothing_more_and_leaves_no_questions(
    person: Person, office: Office
) -> None:
    person.event("subscribe")
    person.say("订阅 预决算")
    now = office.clock.now()
    asked = {"openid": person.openid, "text": "护照", "outcome": "unknown"}
    with office.database.write() as db:
        records.keep(db, [{**asked, "origin": "1-1", "at": int(now.timestamp())}])
        notice = Notice("标题", "办公室", "2026-03-02", "正文", purpose="ticket")
        push = outbox.put(db, notice, ToPerson(person.openid), now, origin_key="t1")
        segment = Segment(push_id=push.id)
        db.add(segment)
        db.flush()
        db.add(
            Delivery(push_id=push.id, segment_id=segment.id, openid=person.openid, state="waiting")
        )
    assert person.event("unsubscribe") == ""
    with office.database.read() as db:
        assert topics.of(db, person.openid) == []
        assert db.scalars(select(Delivery.state)).one() == "suppressed"
        alias = db.scalars(select(Inquiry.openid)).one()
        assert alias.startswith(leaving.PREFIX)
        assert not db.get_one(Follower, alias).following
        assert db.get(Follower, person.openid) is None


def test_who_comes_back_has_their_own_letter_and_whoever_is_new_has_not(
    person: Person, office: Office
) -> None:
    person.event("subscribe")
    person.say("建议 请在大厅多设一台自助机")
    person.say("提交")
    with office.database.read() as db:
        number = db.scalars(select(Ticket.number)).one()
    person.event("unsubscribe")
    with office.database.read() as db:
        assert db.scalars(select(Ticket.openid)).one() != person.openid
    stranger = person.other("o-person-2")
    stranger.event("subscribe")
    assert number not in stranger.say("进度")
    person.event("subscribe")
    assert number in person.say("进度")


def test_name_and_phone_stay_while_the_letter_is_open(person: Person, office: Office) -> None:
    person.event("subscribe")
    person.say("建议 请在大厅多设一台自助机")
    person.say("提交")
    with office.database.write() as db:
        ticket = db.scalars(select(Ticket)).one()
        ticket.name_sealed = office.box.seal("王小明")
        ticket.phone_sealed = office.box.seal("13900000000")
    person.event("unsubscribe")
    with office.database.write() as db:
        ticket = db.scalars(select(Ticket)).one()
        assert office.box.open(ticket.name_sealed) == "王小明"
        ticket.state = "closed"
    departures.settle(office)
    with office.database.read() as db:
        ticket = db.scalars(select(Ticket)).one()
        assert (ticket.name_sealed, ticket.phone_sealed) == ("", "")


def test_who_left_unseen_is_renamed_too(person: Person, office: Office) -> None:
    person.event("subscribe")
    with office.database.write() as db:
        db.get_one(Follower, person.openid).following = False
    assert departures.settle(office) == 1
    assert departures.settle(office) == 0
    with office.database.read() as db:
        assert db.get(Follower, person.openid) is None


def test_a_voice_message_without_words_is_told_so(person: Person) -> None:
    assert "没有听清" in person.send(person.message("voice", media_id="M"))


def test_a_film_or_a_place_alone_is_told_that_words_are_needed(person: Person) -> None:
    assert "视频" in person.send(person.message("video", media_id="M"))
    assert "位置" in person.send(person.message("location", latitude=35.1, longitude=118.3))


def test_unknown_events_are_met_with_success(person: Person) -> None:
    assert person.event("something_new") == ""


@pytest.mark.parametrize("words", ["帮助", "幫助", "帮助。", " 帮 助 "])
def test_help_is_always_there(person: Person, words: str) -> None:
    assert "您可以这样用" in person.say(words)


def test_no_title_breaks_out_of_a_tap() -> None:
    tapped = phrases.tap('"><a href="http://bad">', "<b>x</b>")
    assert tapped.count("<") == 2
    assert tapped.count('"') == 2
