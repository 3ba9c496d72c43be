"""What was reviewed outside the system: checked like everything else, then published at once.

It stands beside `publish` because it looks into files, which the worker never does.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.followers import topics
from bot.outbound.models import Push
from bot.outbound.states import PushState
from bureau.disclosures import content as contents
from bureau.disclosures import enclosures, publish
from bureau.disclosures.content import Content
from bureau.disclosures.enclosures import Enclosure
from bureau.disclosures.models import Disclosure
from bureau.release import gate, scan


def publish_reviewed(
    db: Session,
    data: Mapping[str, Any],
    now: datetime,
    *,
    at: datetime | None = None,
    attachments: Iterable[tuple[str, bytes]] = (),
) -> tuple[Disclosure, Push]:
    """Publish what was reviewed outside the system, and tell the topic's followers.

    attachments: (name, content) of its files. Raises Rejected naming every problem and every
    finding at once. The very same content again, files included, is the disclosure and the push
    that are there already: nothing goes twice.
    """
    given, wrong = enclosures.examine_all(attachments)
    content = check(db, data, given, wrong)
    key = f"outside:{content.hash}"
    there = db.scalar(select(Disclosure).where(Disclosure.origin_key == key))
    if there is not None and there.push_id is not None:
        push = db.get_one(Push, there.push_id)
        again = push.state == PushState.CANCELLED
        return there, publish.go_out(db, there, now, at=at) if again else push
    review = data["review"]
    disclosure = publish.keep(
        db, content, now, drafted_by=str(review["drafted_by"]).strip(), key=key
    )
    publish.require_document_out(db, disclosure)
    for one_file in given:
        enclosures.keep(db, disclosure.id, one_file, now)
    people = {
        gate.DRAFTED: str(review["drafted_by"]),
        gate.FIRST: str(review["drafted_by"]),
        gate.SECOND: str(review["reviewed_by"]),
        gate.APPROVAL: str(review["approved_by"]),
    }
    gate.record_outside(db, publish.subject_of(disclosure), disclosure.content_hash, people, now)
    return disclosure, publish.go_out(db, disclosure, now, at=at)


def check(
    db: Session,
    data: Mapping[str, Any],
    given: Sequence[Enclosure] = (),
    wrong_files: Sequence[str] = (),
) -> Content:
    """Data reviewed outside, and its files, as content. Raises Rejected."""
    wrong = [*contents.problems(data, outside=True), *wrong_files]
    topic = topics.find(db, str(data.get("topic") or "")) if data.get("topic") else None
    if data.get("topic") and topic is None:
        wrong.append(f"topic：没有这个主题，可用 {'、'.join(t.slug for t in topics.all(db))}")
    if contents.attribute_of(data) in ("on_request", "not_disclosed"):
        wrong.append("attribute：依申请公开、不予公开的信息不能发布")
    inside = scan.scan(enclosures.texts_of(given), (), gate.words_of(db))
    findings = scan.stops(publish.findings_in(db, data) + inside)
    wrong += [f"检查发现 {finding}" for finding in findings]
    if wrong or topic is None:
        raise publish.Rejected(wrong, findings)
    digests = [one_file.sha256 for one_file in given]
    return contents.read({**data, "topic": topic.slug, "files": digests})
