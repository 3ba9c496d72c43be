"""Coming, going, and how the account is used."""

from bot.followers import leaving, registry
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from bot.outbound import outbox, own_matters
from bureau.feedback import departed, drafts
from handlers import phrases
from handlers.context import Context


def greet(message: Inbound, ctx: Context) -> Reply:
    """A person follows the account, perhaps through a QR code whose scene tells from where.

    One who left not long ago has their own letters again, and what was answered meanwhile waits.
    """
    if leaving.come_back(ctx.db, ctx.office.box, message.openid):
        own_matters.wait_again(ctx.db, message.openid)
    registry.subscribed(ctx.db, message.openid, ctx.now, scene=message.event_key)
    return Text(phrases.welcome(ctx.office.settings.bureau_name))


def farewell(message: Inbound, ctx: Context) -> None:
    """A person leaves: no reply would reach them, and their openid is replaced everywhere.

    developers.weixin.qq.com, Account_Management: delete a person's data on `unsubscribe`.
    Name and phone given for an open letter stay until it is closed.
    """
    registry.unsubscribed(ctx.db, message.openid, ctx.now)
    outbox.drop_person(ctx.db, message.openid)
    drafts.discard(ctx.db, message.openid, ctx.now)
    leaving.leave(ctx.db, ctx.office.box, message.openid, ctx.now)
    departed.forget_names(ctx.db)
    ctx.dialog.clear()


def explain(_message: Inbound, _ctx: Context) -> Reply:
    """The uses of the account on one page."""
    return Text(phrases.help_text())


def introduce(_message: Inbound, ctx: Context) -> Reply:
    """Who answers here."""
    return Text(phrases.about_me(ctx.office.settings.bureau_name))


def hours(_message: Inbound, ctx: Context) -> Reply:
    """When people are there."""
    return Text(phrases.open_hours(ctx.office.settings.office_hours))


def unheard(_message: Inbound, _ctx: Context) -> Reply:
    """A voice message that nobody turned into words."""
    return Text(phrases.voice_empty())


def cannot_read(message: Inbound, _ctx: Context) -> Reply:
    """A kind of message that holds no words."""
    return Text(phrases.cannot_read(message.kind))
