"""What a letter says beside its words, all of it optional: place, name, telephone, two wishes."""

import re

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import drafts
from bureau.feedback.models import Draft
from handlers import phrases, phrases_letters, suggestion
from handlers.context import Context

ASKING = "suggestion.detail"
FIELDS = {"地点": "place", "姓名": "name", "电话": "phone"}
WISHES = {
    "同意公开": ("may_publish", True),
    "不公开": ("may_publish", False),
    "匿名": ("anonymous", True),
    "不匿名": ("anonymous", False),
}
SAID = rf"({'|'.join(FIELDS)})(.*)|跳过|{'|'.join(WISHES)}"
GIVEN = re.compile(rf"\s*({'|'.join(FIELDS)})[\s：:，,]*(.*)", re.DOTALL)


def is_meant(text: str) -> bool:
    """Whether these (normalised) words are about a detail."""
    return re.fullmatch(SAID, text, re.DOTALL) is not None


def take(message: Inbound, ctx: Context) -> Reply:
    """`地点`, `地点 …`, `匿名` … while the letter waits to be handed in."""
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        ctx.dialog.clear()
        return Text(phrases.nothing_to_cancel())
    if ctx.text in WISHES:
        name, wish = WISHES[ctx.text]
        drafts.wish(draft, name, wish, ctx.now)
        return Text(suggestion.shown(draft, ctx))
    given = GIVEN.fullmatch(message.text)
    if given is None:  # 跳过
        return Text(suggestion.shown(draft, ctx))
    word, value = given.groups()
    if not value.strip():
        return _ask(draft, word, ctx)
    return _filled(draft, FIELDS[word], value, ctx)


def fill(message: Inbound, ctx: Context) -> Reply:
    """What was asked for last: 地点, 姓名 or 电话."""
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None or draft.step not in FIELDS.values():
        ctx.dialog.clear()
        return Text(phrases.nothing_to_cancel())
    if not message.text.strip():
        return Text(phrases.cannot_read(message.kind))
    return _filled(draft, draft.step, message.text, ctx)


def locate(message: Inbound, ctx: Context) -> Reply:
    """A location: the place of the letter that is being written."""
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        return Text(phrases.cannot_read(message.kind))
    return _filled(draft, "place", place_of(message), ctx)


def place_of(message: Inbound) -> str:
    """The label WeChat gives, and the coordinates."""
    if message.latitude is None or message.longitude is None:
        return message.label
    spot = f"{message.latitude:.5f}，{message.longitude:.5f}"
    return f"{message.label[:90]}（{spot}）" if message.label else spot


def _filled(draft: Draft, name: str, value: str, ctx: Context) -> Reply:
    drafts.fill(draft, name, value, ctx.now, ctx.office.box)
    if not draft.text:
        return suggestion.ask_words(draft, ctx)
    return Text(suggestion.shown(draft, ctx))


def _ask(draft: Draft, word: str, ctx: Context) -> Reply:
    drafts.set_step(draft, FIELDS[word], ctx.now)
    ctx.dialog.move(ASKING)
    return Text(phrases_letters.detail_ask(word))
