"""An answer of the library → the text a citizen reads, at most 2 048 bytes, links and taps last."""

from functools import lru_cache
from urllib.parse import quote

from core.settings import Settings
from core.wording import cut
from handlers import phrases
from knowledge.answered import Answered, Card, Hit

LIMIT = 2048
SOURCE_LENGTH = 60
TAPS = 4
WRITTEN_KEPT = 2_048  # citizens repeat each other, and nothing else decides what is written


def reply_of(answered: Answered, settings: Settings) -> str:
    """The whole reply for an outcome, as this bureau says it."""
    ours = ourselves(settings) if answered.small_talk else ""
    return compose(answered, settings.base_url, settings.office_hours, ours)


def ourselves(settings: Settings) -> str:
    """Where the bureau is, its telephone, its hours."""
    where = settings.bureau_name, settings.bureau_address, settings.bureau_phone
    return phrases.ourselves(*where, settings.office_hours)


def compose(answered: Answered, base_url: str, hours: str = "", ours: str = "") -> str:
    """The whole reply for an outcome. `base_url` is PUBLIC_URL, `hours` the office hours.

    ours: where the bureau is and how it is reached.
    """
    if answered.small_talk:
        return phrases.SMALL_TALK.get(answered.small_talk, ours) or phrases.not_known()
    if answered.outcome == "answer":
        return compose_cards(answered.cards, answered.slot, base_url, _others(answered))
    if answered.outcome == "choose":
        return compose_choices(answered.hits[: len(answered.keep.ids)], phrases.which_one())
    if answered.beside:
        return _others(answered)
    if answered.redirect and answered.redirect.to_us:
        return phrases.wish_of_service()
    if answered.redirect:
        return phrases.belongs_elsewhere(answered.redirect.to, answered.redirect.phone)
    if answered.keep.misses > 1 and hours:
        return phrases.not_known_again(hours)
    return phrases.not_known()


def _others(answered: Answered) -> str:
    """The matters of the message that other departments handle, a line each."""
    said = [phrases.other_matter(words, to.to, to.phone) for words, to in answered.beside]
    return "\n".join(said)


@lru_cache(WRITTEN_KEPT)
def compose_cards(cards: tuple[Card, ...], slot: str, base_url: str, beside: str = "") -> str:
    """A few cards; the text of each is shortened before links and taps are.

    beside: what is said of the other matters of the message, after them.
    """
    share = (LIMIT - size(beside)) // max(len(cards), 1) - 8
    said = [_card(card, slot, base_url, share) for card in cards]
    return "\n\n".join(filter(None, [*said, beside]))


@lru_cache(WRITTEN_KEPT)
def compose_choices(hits: tuple[Hit, ...], heading: str) -> str:
    """A list to choose from by number or tap."""
    lines = [
        f"{i}. {phrases.tap_entry(hit.id, str(i), cut(hit.title, 90))}"
        for i, hit in enumerate(hits, 1)
    ]
    return "\n".join([heading, *lines, phrases.none_of_these()])


def _card(card: Card, slot: str, base_url: str, limit: int) -> str:
    url = base_url + quote(card.path)
    taps = [
        phrases.tap_entry(f"{card.id}.{name}", f"{phrases.SLOT_QUESTIONS[name]}", _slot_name(name))
        for name in card.slots
        if name != slot and name in phrases.SLOT_QUESTIONS
    ]
    tail = [phrases.link(url, "详情") + f"　{phrases.answer_right()}　{phrases.answer_wrong()}"]
    if taps:
        tail.insert(0, "还可以问：" + "　".join(taps[:TAPS]))
    if card.note:
        tail.append(card.note)
    head = [phrases.answer_title(card.title), *card.lines]
    if card.source:
        head.append(phrases.answer_source(cut(card.source, SOURCE_LENGTH * 3)))
    end = "\n".join(tail)
    body = "\n".join(head)
    if size(body) + size(end) + 1 > limit:
        end = "\n".join(tail[-2:] if card.note else tail[-1:])
        body = cut(body, limit - size(end) - 1)
    return f"{body}\n{end}"


def _slot_name(name: str) -> str:
    return phrases.SLOT_QUESTIONS[name]


def size(text: str) -> int:
    return len(text.encode())
