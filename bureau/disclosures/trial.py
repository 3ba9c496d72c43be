"""A push is tried on named staff before it goes out: each sees it on their own phone, marked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.outbound import outbox, pushes
from bot.outbound.models import Push
from bot.outbound.notice import TEXT_BYTES, Notice, Person
from bot.outbound.states import PushState
from bureau.staff import accounts, audit
from bureau.staff.models import Clerk
from core.errors import Refusal
from core.wording import cut

MARK = "【测试】"
HEAD = f"{MARK}只发给您核对，尚未发给订阅的人。\n"
BEFORE = (PushState.PLANNED, PushState.SCHEDULED, PushState.PAUSED)


def send(
    db: Session, push_id: int, names: Sequence[str], now: datetime, by: Clerk | None = None
) -> list[Push]:
    """One push to each of these clerks with the notice as it stands, marked as a test.

    Night does not hold it up. Raises NotFound for an unknown push, Refusal when it has gone out
    already, or naming every clerk who is unknown or has not bound a WeChat: then nobody gets it.
    """
    push = pushes.get(db, push_id)
    if push.state not in BEFORE or push.planned_at is not None:
        raise Refusal("这条推送已经开始发送，不能再测试。请先安排定时发布，或先暂停。")
    clerks = _reachable(db, names)
    notice = marked(push.notice)
    made = []
    for clerk, openid in clerks:
        key = f"trial:{push.id}:{clerk.id}:"
        times = select(func.count()).where(Push.origin_key.startswith(key, autoescape=True))
        origin_key = f"{key}{db.scalar(times) or 0}"
        made.append(outbox.put(db, notice, Person(openid), now, origin_key=origin_key))
    told = "、".join(clerk.name for clerk, _ in clerks)
    audit.note(db, by, "push.test", f"push:{push.id}", now, to=told)
    return made


def marked(notice: Notice) -> Notice:
    """The notice as staff get it: the same words behind a mark."""
    text = HEAD + notice.text
    return replace(notice, title=MARK + notice.title, text=cut(text, TEXT_BYTES), urgent=True)


def _reachable(db: Session, names: Sequence[str]) -> list[tuple[Clerk, str]]:
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted:
        raise Refusal("请写明发给谁测试。")
    found, wrong = [], []
    for name in wanted:
        clerk = accounts.find(db, name)
        if clerk is None or not clerk.active:
            wrong.append(f"没有“{name}”这个账号")
        elif not clerk.openid:
            wrong.append(f"“{name}”还没有绑定微信")
        else:
            found.append((clerk, clerk.openid))
    if wrong:
        raise Refusal("不能测试：" + "；".join(wrong) + "。")
    return found
