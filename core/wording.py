"""How a sentence for people is put into words: taps, days, hours, and texts that must be cut."""

from datetime import date

MARKUP = str.maketrans({"<": "〈", ">": "〉", '"': "”", "&": "＆"})
HOURS = str.maketrans({"-": "–", ",": "、", "，": "、", ";": "、"})


def tap(words: str, shown: str = "", menu: str = "1") -> str:
    """A choice that is tapped in the chat: the person then says `words`; `menu` comes with it.

    The link of 菜单消息: developers.weixin.qq.com/doc/service/api/customer/message.
    """
    words, shown = plain(words), plain(shown or words)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={words}&msgmenuid={menu}">{shown}</a>'


def link(address: str, shown: str) -> str:
    """A page of ours to open from the chat; `address` is made by us."""
    return f'<a href="{address}">{plain(shown)}</a>'


def plain(words: str) -> str:
    """Words that cannot break out of a link: a title may hold anything."""
    return words.translate(MARKUP)


def cut(text: str, limit_bytes: int, end: str = "……") -> str:
    """At most `limit_bytes` of UTF-8, ended by `end` when something was cut.

    Cuts between characters and never inside a link: half a link would show its address.
    """
    if len(text) * 4 <= limit_bytes:
        return text
    raw = text.encode()
    if len(raw) <= limit_bytes:
        return text
    head = raw[: max(limit_bytes - len(end.encode()), 0)].decode(errors="ignore")
    opened = head.rfind("<a ")
    if opened >= 0 and "</a>" not in head[opened:]:
        head = head[:opened]
    return head.rstrip() + end


def day_words(day: date, provisional: bool = False) -> str:
    """2026年11月30日, with 暂按 when the year's holidays are not announced."""
    doubt = "（暂按，放假安排公布后如有调整另行告知）" if provisional else ""
    return f"{day.year}年{day.month}月{day.day}日{doubt}"


def hours_words(hours: str) -> str:
    """08:30-12:00,13:30-17:30 as people write it: 08:30–12:00、13:30–17:30."""
    return hours.translate(HOURS)
