"""What followers are told of a publication, in all its shapes."""

from datetime import datetime

from bot.outbound.notice import DISCLOSURE, Notice, shorten
from core.clock import SHANGHAI
from core.wording import cut, day_words, tap

SUMMARY_BYTES = 900  # of the 2 048 a chat message holds; links become longer when they are sent


def disclosure_published(
    *,
    number: int,
    title: str,
    topic_name: str,
    office: str,
    summary: str,
    urgent: bool,
    now: datetime,
    heading: str = "",
) -> Notice:
    """The notice of a disclosure: `heading` stands before the title, such as 更正."""
    day = now.astimezone(SHANGHAI)
    page = f"/disclosures/{number}"
    lines = [
        f"【{topic_name}】{heading}{shorten(title, 80)}",
        "",
        cut(" ".join(summary.split()), SUMMARY_BYTES),
        "",
        f'<a href="{page}">查看全文</a>',
        f"{office}　{day_words(day)}",
        f"不想再收到？{tap(f'退订 {topic_name}', '退订')}",
    ]
    return Notice(
        title=f"{heading}{title}",
        label=topic_name,
        day=f"{day:%Y-%m-%d}",
        text="\n".join(lines),
        url=page,
        urgent=urgent,
        purpose=DISCLOSURE,
    )
