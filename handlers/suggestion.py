"""建议 and 信箱: a person writes, in several messages if he likes, sees it whole, hands it in."""

import re
from datetime import timedelta

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bureau.feedback import drafts, likeness, tickets
from bureau.feedback.kinds import letter_words
from bureau.feedback.models import Draft
from core.clock import day_of
from core.privacy import mask, mask_name
from core.wording import day_words, link
from handlers import phrases, phrases_letters
from handlers.context import Context

WRITING = "suggestion.text"
CHOOSING = "suggestion.confirm"
COMMAND = re.compile(r"\s*(建\s*[议議]|信\s*箱)[\s：:，,、。.\-—]*")
KIND_OF = {"建议": "suggestion", "信箱": "mailbox"}
CHOICES = {"提交": "1", "提交吧": "1", "确认提交": "1", "补充": "2", "取消": "3"}
LIST_LIFE = timedelta(minutes=30)  # a bare number belongs to the list shown, for so long
SURE = 0.8  # an answer of the library at least so likely is offered before handing in


def take(message: Inbound, ctx: Context) -> Reply:
    """`建议 …`, `信箱 …`: the draft begins, in SQL from this message on."""
    kind = KIND_OF[ctx.text[:2]]
    words = COMMAND.sub("", message.text, count=1).strip()
    before = drafts.open_draft(ctx.db, message.openid)
    draft = drafts.begin(ctx.db, message.openid, kind, words, ctx.now, message_key=ctx.message_key)
    if not words:
        ctx.dialog.move(WRITING)
        return Text(phrases_letters.letter_ask(letter_words(kind)))
    set_aside = before is not None and before.id != draft.id and bool(before.text)
    return Text(shown(draft, ctx, set_aside=set_aside))


def write(message: Inbound, ctx: Context) -> Reply | None:
    """Further words of a letter that is being written."""
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        ctx.dialog.clear()
        return Text(phrases.nothing_to_cancel())
    words = message.text.strip()
    if not words:
        return Text(phrases.cannot_read(message.kind))
    if not draft.text:  # 建议 said once more instead of the words, or before them
        words = COMMAND.sub("", words, count=1).strip()
    if not words:
        return Text(phrases_letters.letter_ask(letter_words(draft.kind)))
    drafts.append(ctx.db, draft, words, ctx.now, message_key=ctx.message_key)
    return Text(shown(draft, ctx))


def choose(message: Inbound, ctx: Context) -> Reply:
    """The answer to the list: 1 提交, 2 补充, 3 取消, 4 the ready answer."""
    repeated = tickets.receipt(ctx.db, ctx.message_key, message.openid, ctx.office.box)
    if repeated is not None:
        return _received(repeated, ctx)
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        ctx.dialog.clear()
        return Text(phrases.nothing_to_cancel())
    choice = CHOICES.get(ctx.text.lstrip("1234.、"), ctx.text)
    if choice == "1":
        return _submit(draft, ctx)
    if choice == "2":
        drafts.set_step(draft, "text", ctx.now)
        ctx.dialog.move(WRITING)
        return Text(phrases_letters.letter_more())
    if choice == "3":
        return cancel(message, ctx)
    ready = ctx.dialog.data.get("ready", "")
    card = ctx.library.card(ready, today=day_of(ctx.now)) if choice == "4" and ready else None
    if card is None:
        return Text(phrases_letters.which_of(shown(draft, ctx)))
    source = phrases.answer_source(card.source) if card.source else ""
    title = phrases.answer_title(card.title)
    return Text(phrases_letters.letter_ready(title, card.lines, source, card.note))


def cancel(message: Inbound, ctx: Context) -> Reply:
    """取消: what was being written is set aside; any other dialog ends too."""
    had = drafts.discard(ctx.db, message.openid, ctx.now)
    busy = had or not ctx.dialog.empty
    ctx.dialog.clear()
    if had:
        return Text(phrases_letters.letter_cancelled())
    return Text(phrases.cancelled() if busy else phrases.nothing_to_cancel())


def recover(message: Inbound, ctx: Context) -> Reply | None:
    """A bare number that no dialog explains: perhaps Redis forgot, SQL has the draft.

    None when this person has nothing open. An older list is shown again before it is obeyed.
    """
    repeated = tickets.receipt(ctx.db, ctx.message_key, message.openid, ctx.office.box)
    if repeated is not None:
        return _received(repeated, ctx)
    draft = drafts.open_draft(ctx.db, message.openid)
    if draft is None:
        return None
    if not draft.text:
        return ask_words(draft, ctx)
    if draft.step != "text" and ctx.now - draft.updated_at <= LIST_LIFE:
        return choose(message, ctx)
    return Text(phrases_letters.which_of(shown(draft, ctx)))


def being_written(ctx: Context) -> Draft | None:
    """The open draft of somebody whose dialog Redis may have lost; None: no letter, a question."""
    with ctx.office.database.read() as db:  # no writing transaction on a question's way
        if not drafts.being_written(db, ctx.openid, ctx.now - LIST_LIFE):
            return None
    return drafts.open_draft(ctx.db, ctx.openid)


def shown(draft: Draft, ctx: Context, *, set_aside: bool = False) -> str:
    """The text as it stands with the choices; the dialog waits for one of them."""
    ready, title, door = _found(draft.text, ctx)
    ctx.dialog.move(CHOOSING, ready=ready)
    drafts.set_step(draft, "confirm", ctx.now)
    box = ctx.office.box
    return phrases_letters.letter_choices(
        letter_words(draft.kind),
        draft.text,
        drafts.pictures(ctx.db, draft),
        phrases_letters.letter_details(
            draft.place,
            mask_name(box.open(draft.name_sealed)),
            mask(box.open(draft.phone_sealed)),
            may_publish=draft.may_publish,
            anonymous=draft.anonymous,
        ),
        ready=title,
        like=_like(draft, ctx),
        door=door,
        set_aside=set_aside,
    )


def ask_words(draft: Draft, ctx: Context) -> Reply:
    """The letter has no words yet."""
    drafts.set_step(draft, "text", ctx.now)
    ctx.dialog.move(WRITING)
    return Text(phrases_letters.letter_ask(letter_words(draft.kind)))


def _like(draft: Draft, ctx: Context) -> str:
    """A link to a public letter and answer about the same matter; empty when there is none."""
    found = likeness.public_like(ctx.db, draft.text, ctx.now)
    if not found:
        return ""
    base = ctx.office.settings.base_url
    return link(f"{base}/letters/{found[0].publication}", found[0].title)


def _found(text: str, ctx: Context) -> tuple[str, str, str]:
    """Id and title of an answer that may spare the letter, and the door it rather belongs to;
    empty when none is likely."""
    found = ctx.library.ask(text[:200], today=day_of(ctx.now))
    door = found.redirect
    name = f"{door.to} {door.phone}".strip() if door and not door.to_us else ""
    if found.outcome != "answer" or found.confidence < SURE or not found.hits:
        return "", "", name
    return found.hits[0].id, found.hits[0].title, name


def _submit(draft: Draft, ctx: Context) -> Reply:
    if not draft.text:
        return ask_words(draft, ctx)
    done = tickets.submit_draft(
        ctx.db, draft, ctx.now, message_key=ctx.message_key, box=ctx.office.box
    )
    return _received(done, ctx)


def _received(done: tickets.Submitted, ctx: Context) -> Reply:
    ctx.dialog.clear()
    ticket = done.ticket
    due = day_words(ticket.due_on, ticket.provisional)
    words = (letter_words(ticket.kind), ticket.number, done.secret_code, due)
    return Text(phrases_letters.letter_received(*words, asked=ticket.kind == "question"))
