"""公开信息: the list by topic, the page of each, attachments, and the feed."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from bot.followers import topics
from bureau.disclosures import aftercare, files, find, validity
from bureau.disclosures.kinds import ATTRIBUTES, KINDS
from bureau.disclosures.models import Disclosure
from core.unseen import without_unseen
from web.attachments import serve
from web.counter import db, now, office
from web.paging import PAGE_SIZE, Pages, asked_page

pages = Blueprint("disclosures", __name__)
FEED_LENGTH = 30


@pages.get("/disclosures/")
def shelf() -> ResponseReturnValue:
    session, number = db(), asked_page()
    words = request.args.get("q", "")[:100].split()[:5]
    all_topics = topics.all(session)
    topic = next((one for one in all_topics if one.slug == request.args.get("topic")), None)
    slug = topic.slug if topic else None
    if words:
        rows = find.matching(session, words)
        paging = Pages(1, len(rows))
    else:
        rows = find.latest(session, slug, PAGE_SIZE, (number - 1) * PAGE_SIZE)
        paging = Pages(number, find.count(session, slug))
    return render_template(
        "h5/disclosures.html",
        rows=rows,
        pages=paging,
        topics=all_topics,
        topic=topic,
        words=" ".join(words),
        kinds=KINDS,
    )


@pages.get("/disclosures/<int:number>")
def page(number: int) -> ResponseReturnValue:
    session = db()
    found = find.one(session, number)
    return render_template(
        "h5/disclosure.html",
        disclosure=found,
        topic=topics.get(session, found.topic),
        facts=facts_of(found),
        kind=KINDS[found.kind],
        attribute=ATTRIBUTES[found.attribute],
        versions=find.versions(session, number),
        ending=validity.ending(session, found),
        override=bool(aftercare.override_of(session, found)),
        attachments=find.attachments(session, number),
        explanations=find.explanations(session, number),
        explained=find.one(session, found.explains_id) if found.explains_id else None,
    )


@pages.get("/disclosures/<int:number>/files/<string(length=64):digest>")
def attachment_by_hash(number: int, digest: str) -> ResponseReturnValue:
    """The address that open data gives: it names the file's content, not our row."""
    return serve(files.by_hash(db(), find.one(db(), number), digest))


@pages.get("/disclosures/<int:number>/files/<int:file_id>")
def attachment(number: int, file_id: int) -> ResponseReturnValue:
    """A file as it was checked: never run by the browser, its hash beside it."""
    return serve(files.one(db(), find.one(db(), number), file_id))


@pages.get("/feed.atom")
def feed() -> ResponseReturnValue:
    """The newest disclosures for readers of feeds (RFC 4287)."""
    rows = find.latest(db(), limit=FEED_LENGTH)
    names = {one.slug: one.name for one in topics.all(db())}
    updated = max((one.published_at for one in rows if one.published_at), default=now())
    body = render_template(
        "h5/feed.xml", rows=rows, names=names, updated=updated, base=office().settings.base_url
    )
    answer = Response(without_unseen(body), content_type="application/atom+xml; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def facts_of(disclosure: Disclosure) -> list[tuple[str, str]]:
    """The kind's own fields that are filled in, by their labels."""
    kind = KINDS[disclosure.kind]
    return [
        (field.label, str(disclosure.fields[field.key]))
        for field in kind.fields
        if disclosure.fields.get(field.key) not in (None, "", [], {})
    ]
