"""What a person reads once a day or a week: the titles of what was published, with their pages."""

from collections.abc import Sequence
from datetime import datetime

from bot.outbound.notice import DISCLOSURE, Notice, shorten
from core.clock import SHANGHAI
from core.wording import plain, tap

HOLDS, TITLE = 10, 30  # titles, and characters of each: within 2 048 bytes, whole addresses too


def write(titles: Sequence[tuple[str, str]], daily: bool, now: datetime) -> Notice:
    """One notice of all of it. titles: (title, page), at least one."""
    day, name = now.astimezone(SHANGHAI), "每日汇总" if daily else "每周汇总"
    shown = [
        f'{number}. <a href="{page}">{plain(shorten(title, TITLE))}</a>'
        for number, (title, page) in enumerate(titles[:HOLDS], 1)
    ]
    rest = len(titles) - len(shown)
    lines = [
        f"【{name}】您订阅的主题有 {len(titles)} 条新的公开信息：",
        *shown,
        *([f'另有 {rest} 条，<a href="/disclosures">到公开信息里查看</a>'] if rest else []),
        f"想发布时就知道？{tap('立即', '立即通知')}　不想再收到？{tap('退订')}",
    ]
    return Notice(
        title=f"{name}：{titles[0][0]}" + (f"等 {len(titles)} 条" if rest or titles[1:] else ""),
        label=name,
        day=f"{day:%Y-%m-%d}",
        text="\n".join(lines),
        url=titles[0][1] if len(titles) == 1 else "/disclosures",
        purpose=DISCLOSURE,
    )
