"""Pictures are fetched before WeChat deletes them, once, and only if they are pictures."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.outbound.client import Media
from bot.outbound.errors import OutcomeUnknown, WechatError
from bot.outbound.fake import FakeWechat
from bureau.feedback import drafts, pictures
from bureau.feedback.models import Attachment
from core.db import Database
from tests.clocks import FixedClock
from tests.feedback.making import CITIZEN, NOW

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


class Away:
    """WeChat cannot be reached."""

    def download(self, media_id: str) -> Media:
        raise OutcomeUnknown(-1, "system busy", call="media")


def waiting(database: Database, media_id: str = "M1") -> None:
    with database.write() as db:
        draft = drafts.begin(db, CITIZEN, "suggestion", "有图", NOW, message_key="a")
        drafts.add_picture(db, draft, media_id, NOW, message_key="b")


def one(database: Database) -> Attachment:
    with database.read() as db:
        return db.scalars(select(Attachment)).one()


def test_a_picture_is_fetched_once_and_kept_under_its_digest(
    each_database: Database, tmp_path: Path
) -> None:
    waiting(each_database)
    wechat = FakeWechat(media={"M1": Media(JPEG, "image/jpeg")})
    clock = FixedClock(NOW)
    assert pictures.fetch_due(each_database, wechat, clock, tmp_path / "media") == 1
    assert pictures.fetch_due(each_database, wechat, clock, tmp_path / "media") == 0
    row = one(each_database)
    assert (row.state, row.content_type, row.size_bytes) == ("kept", "image/jpeg", len(JPEG))
    assert (tmp_path / "media" / row.path).read_bytes() == JPEG
    assert [path.name for path in (tmp_path / "media").iterdir()] == [row.path]


def test_a_claimed_picture_is_not_fetched_by_another(database: Database) -> None:
    waiting(database)
    with database.write() as db:
        assert len(pictures.claim(db, NOW)) == 1
        assert pictures.claim(db, NOW) == []
        assert len(pictures.claim(db, NOW + timedelta(minutes=2))) == 1


def test_an_outage_is_tried_again_until_wechat_has_deleted_it(
    database: Database, tmp_path: Path
) -> None:
    waiting(database)
    clock = FixedClock(NOW)
    for _ in range(30):
        pictures.fetch_due(database, Away(), clock, tmp_path / "media")
        if one(database).state != "waiting":
            break
        clock.moment = max(one(database).next_try_at, clock.moment)
    row = one(database)
    assert row.state == "lost"
    assert clock.moment - NOW > timedelta(days=3)


def test_a_picture_wechat_does_not_have_is_lost_at_once(database: Database, tmp_path: Path) -> None:
    waiting(database)
    pictures.fetch_due(database, FakeWechat(), FixedClock(NOW), tmp_path / "media")
    assert one(database).state == "lost"


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90", b"\xff\xd8\xff" + bytes(10 * 1024**2)])
def test_what_is_no_picture_or_too_large_is_refused(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    waiting(database)
    wechat = FakeWechat(media={"M1": Media(content, "image/jpeg")})
    pictures.fetch_due(database, wechat, FixedClock(NOW), tmp_path / "media")
    assert one(database).state == "refused"
    assert not (tmp_path / "media").exists()


def test_the_fake_says_what_wechat_says() -> None:
    with pytest.raises(WechatError) as refused:
        FakeWechat().download("no such")
    assert not refused.value.retryable
