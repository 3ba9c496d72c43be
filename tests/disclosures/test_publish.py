"""A disclosure goes out whole, once, and only through the gate."""

from datetime import timedelta
from typing import Any

import pytest

from bot.followers import registry, topics
from bot.outbound import pushes
from bot.outbound.models import Push
from bureau.disclosures import find, outside, publish
from bureau.disclosures.kinds import KINDS
from bureau.disclosures.publish import Rejected
from bureau.release import gate
from core.db import Database
from core.errors import NotFound, Refusal
from tests.clocks import FixedClock

REVIEW = {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"}
NOTICE: dict[str, Any] = {
    "title": "2025年度市级决算公开",
    "kind": "notice",
    "topic": "budget",
    "summary": "2025年度市级决算已公开。",
    "produced_on": "2026-02-20",
    "review": REVIEW,
}


@pytest.fixture
def db_with_topics(each_database: Database, clock: FixedClock) -> Database:
    with each_database.write() as db:
        topics.load_reference(db)
        registry.subscribed(db, "o1", clock.now())
        topics.follow(db, "o1", "budget", clock.now())
    return each_database


def refused(database: Database, clock: FixedClock, **changes: Any) -> list[str]:
    with database.write() as db, pytest.raises(Rejected) as rejected:
        outside.publish_reviewed(db, {**NOTICE, **changes}, clock.now())
    return rejected.value.lines


def test_the_smallest_notice_goes_out_with_its_push(
    db_with_topics: Database, clock: FixedClock
) -> None:
    with db_with_topics.write() as db:
        disclosure, push = outside.publish_reviewed(db, NOTICE, clock.now())
        assert (push.audience, push.topic) == (1, "budget")
    with db_with_topics.read() as db:
        kept = find.one(db, disclosure.id)
        assert (kept.attribute, kept.office) == ("proactive", "办公室")
        assert kept.published_at == clock.now()
        assert find.latest(db, "budget")[0].id == kept.id
        reviews = gate.reviews_of(db, publish.subject_of(kept))
        assert {r.reviewer for r in reviews} == {"张三", "李四", "王五"}
        assert all(r.external and r.content_hash == kept.content_hash for r in reviews)


def test_the_same_file_twice_is_one_disclosure_and_one_push(
    db_with_topics: Database, clock: FixedClock
) -> None:
    made = set()
    for _ in range(2):
        with db_with_topics.write() as db:
            disclosure, push = outside.publish_reviewed(db, NOTICE, clock.now())
            made.add((disclosure.id, push.id))
    assert len(made) == 1


def test_after_a_cancelled_push_the_same_file_is_told_anew(
    db_with_topics: Database, clock: FixedClock
) -> None:
    with db_with_topics.write() as db:
        disclosure, first = outside.publish_reviewed(db, NOTICE, clock.now())
        pushes.cancel(db, first.id, clock.now())
        again, second = outside.publish_reviewed(db, NOTICE, clock.now())
    assert again.id == disclosure.id
    assert second.id != first.id


def test_everything_wrong_is_said_at_once(db_with_topics: Database, clock: FixedClock) -> None:
    review = {"drafted_by": "张三", "reviewed_by": "张三", "approved_by": "张三"}
    said = "\n".join(
        refused(db_with_topics, clock, title="", topic="nowhere", produced_on="昨天", review=review)
    )
    for field in ("title", "topic", "produced_on", "review"):
        assert field in said


def test_a_finding_stops_it_and_writes_nothing(db_with_topics: Database, clock: FixedClock) -> None:
    said = refused(db_with_topics, clock, body_html="<p>户主 11010519491231002X</p>")
    assert "身份证" in said[0]
    with db_with_topics.read() as db:
        assert find.count(db) == 0
        assert db.query(Push).count() == 0


def test_what_is_not_for_everyone_is_not_published(
    db_with_topics: Database, clock: FixedClock
) -> None:
    said = refused(db_with_topics, clock, attribute="不予公开", attribute_reason="过程性信息")
    assert "不能发布" in said[0]


@pytest.mark.parametrize("kind", [k for k in KINDS if KINDS[k].fields], ids=str)
def test_each_kind_demands_its_own_fields(
    db_with_topics: Database, clock: FixedClock, kind: str
) -> None:
    said = "\n".join(refused(db_with_topics, clock, kind=kind))
    for field in KINDS[kind].fields:
        assert not field.required or f"fields.{field.key}" in said


@pytest.mark.parametrize("kind", ["normative_document", "decision_draft"])
def test_a_policy_without_interpretation_plan_or_exemption_is_not_even_drafted(
    db_with_topics: Database, clock: FixedClock, kind: str
) -> None:
    """So it can never stand before 批准 without one (一并报批)."""
    fields = {f.key: "2027-03-01" for f in KINDS[kind].fields}
    for key in ("interpretation_plan", "interpretation_exemption"):
        bare = {k: v for k, v in fields.items() if not k.startswith("interpretation_")}
        said = refused(db_with_topics, clock, kind=kind, fields=bare, topic="no such topic")
        assert any("一并报批" in line for line in said)
        said = refused(
            db_with_topics, clock, kind=kind, fields={**bare, key: "随文"}, topic="no such topic"
        )
        assert not any("一并报批" in line for line in said)


def test_a_short_posting_needs_its_reason(db_with_topics: Database, clock: FixedClock) -> None:
    fields = dict.fromkeys((f.key for f in KINDS["poverty_fund"].fields), "x")
    days = {"posted_from": "2026-03-01", "posted_until": "2026-03-05"}
    said = refused(db_with_topics, clock, kind="poverty_fund", fields={**fields, **days})
    assert any("10 日" in line for line in said)


def test_scheduled_it_is_not_public_before_its_time(
    db_with_topics: Database, clock: FixedClock
) -> None:
    at = clock.now() + timedelta(hours=2)
    with db_with_topics.write() as db:
        disclosure, push = outside.publish_reviewed(db, NOTICE, clock.now(), at=at)
        assert (push.state, push.scheduled_at) == ("scheduled", at)
        assert publish.publish_due(db, clock.now()) == 0
        with pytest.raises(NotFound):
            find.one(db, disclosure.id)
    clock.move(hours=2)
    with db_with_topics.write() as db:
        assert publish.publish_due(db, clock.now()) == 1
        assert find.one(db, disclosure.id).published_at == clock.now()


def test_an_edit_makes_the_reviews_void(db_with_topics: Database, clock: FixedClock) -> None:
    with db_with_topics.write() as db:
        disclosure, _push = outside.publish_reviewed(db, NOTICE, clock.now())
        content = outside.check(db, {**NOTICE, "summary": "改过的摘要。"})
        publish.write(db, disclosure, content, clock.now())
        with pytest.raises(Refusal, match="缺少审核"):
            publish.go_out(db, disclosure, clock.now())


def test_scripts_do_not_survive_in_a_text(db_with_topics: Database, clock: FixedClock) -> None:
    body = "<p onclick='x()'>正文</p><script>alert(1)</script>"
    with db_with_topics.write() as db:
        disclosure, _push = outside.publish_reviewed(db, {**NOTICE, "body_html": body}, clock.now())
    assert disclosure.body_html == "<p>正文</p>"
