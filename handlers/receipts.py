"""What WeChat tells by itself: receipts of what we sent, consents given and withdrawn."""

from bot.inbound.messages import Inbound, rows
from bot.outbound import receipts
from handlers.context import Context

COUNTS = ("TotalCount", "FilterCount", "SentCount", "ErrorCount")
CONSENT_EVENTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
}


def template(message: Inbound, ctx: Context) -> None:
    """TEMPLATESENDJOBFINISH: one template message arrived, or why not."""
    receipts.template_finished(
        ctx.db, message.openid, number(message.job_id), message.status, ctx.now
    )


def mass(message: Inbound, ctx: Context) -> None:
    """MASSSENDJOBFINISH: WeChat's counts for one mass message."""
    counts = {name: number(str(message.data.get(name, ""))) for name in COUNTS}
    receipts.mass_finished(ctx.db, number(message.job_id), message.status, counts, ctx.now)


def notice(message: Inbound, ctx: Context) -> None:
    """subscribe_msg_sent_event: subscription notices that went out, or why not."""
    items = rows(message, "SubscribeMsgSentEvent", "List")
    receipts.notice_sent(ctx.db, message.openid, items, ctx.now)


def consents(message: Inbound, ctx: Context) -> None:
    """A person allowed subscription notices, or no longer does."""
    items = rows(message, CONSENT_EVENTS[message.event], "List")
    receipts.consents_changed(ctx.db, message.openid, items, ctx.now, message.key)


def number(text: str) -> int:
    """A count or id of WeChat's; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() else 0
