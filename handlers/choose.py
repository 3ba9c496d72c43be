"""1 to 3, or a tap: picks from the list last shown. After 30 minutes the list is shown again."""

from bot.inbound.dialog import Dialog
from bot.inbound.filters import Talk
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from handlers import phrases, question
from handlers.answers import compose_cards, compose_choices
from handlers.context import Context
from knowledge.answered import Answered, Card, Hit, Kept

NUMBERS = {str(i): i for i in range(1, 10)} | dict(zip("一二三", (1, 2, 3), strict=True))
ORDINALS = {f"第{word}{unit}": i for word, i in NUMBERS.items() for unit in ("个", "项", "条")}
SLOT_MARK = "."


def is_choice(message: Inbound, talk: Talk) -> bool:
    """A bare number while a list is open or has lapsed, or a tap on an entry of ours."""
    if message.menu_id and tapped(message.menu_id)[0]:
        return True
    return chosen(talk.text) > 0 and bool(_list(talk.dialog) or _lapsed(talk.dialog))


def pick(message: Inbound, ctx: Context) -> Reply:
    """Answer with the chosen entry, or ask again which one is meant."""
    entry, slot = tapped(message.menu_id)
    if entry:
        card = ctx.library.card(entry, today=ctx.now.date(), slot=slot or kept_slot(ctx))
        if card is not None:
            return _say(message, ctx, card, slot or kept_slot(ctx))
    open_list = _list(ctx.dialog)
    if not open_list:
        return _ask_which(ctx)
    number = chosen(ctx.text)
    if not 0 < number <= len(open_list):
        return Text(phrases.no_such_choice(len(open_list)))
    card = ctx.library.card(open_list[number - 1], today=ctx.now.date(), slot=kept_slot(ctx))
    return _say(message, ctx, card, kept_slot(ctx)) if card else _ask_which(ctx)


def tapped(menu_id: str) -> tuple[str, str]:
    """(entry, slot) of a tapped choice of ours; ("", "") for any other menu."""
    if not menu_id or menu_id.isdigit():
        return "", ""
    entry, mark, slot = menu_id.rpartition(SLOT_MARK)
    if mark and slot in phrases.SLOT_QUESTIONS:
        return entry, slot
    return menu_id, ""


def chosen(text: str) -> int:
    """The number a message names; 0 when it is none."""
    return NUMBERS.get(text, ORDINALS.get(text, 0))


def kept_slot(ctx: Context) -> str:
    return question.kept(ctx).slot or "general"


def _list(dialog: Dialog) -> tuple[str, ...]:
    return tuple(dialog.data.get("ids", ())) if dialog.state == question.STATE else ()


def _lapsed(dialog: Dialog) -> tuple[str, ...]:
    return _list(dialog.former) if dialog.former and not dialog.state else ()


def _ask_which(ctx: Context) -> Reply:
    """您要选哪一项？ with the list that lapsed, which is open again from now."""
    former = ctx.dialog.former
    old = Kept.from_dict(former.data) if former else Kept()
    hits = []
    for key in old.ids:
        card = ctx.library.card(key, today=ctx.now.date())
        if card is not None:
            hits.append(Hit(card.id, card.kind, card.title, 0.0))
    if not hits:
        return Text(phrases.not_known())
    question.remember(ctx, old)
    return Text(compose_choices(tuple(hits), phrases.which_of_list()))


def _say(message: Inbound, ctx: Context, card: Card, slot: str) -> Reply:
    before = question.kept(ctx)
    question.remember(ctx, Kept(before.ids, card.id, slot, card.title, sure=True))
    hit = Hit(card.id, card.kind, card.title, 1.0)
    asked = before.question or message.text
    question.note(ctx, asked, Answered("answer", (hit,), slot, 1.0), picked=card.id)
    return Text(compose_cards((card,), slot, ctx.office.settings.base_url))
