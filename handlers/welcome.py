"""Coming, going, and how the account is used."""

from bot.followers import registry
from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from handlers import phrases
from handlers.context import Context


def greet(message: Inbound, ctx: Context) -> Reply:
    """A person follows the account, perhaps through a QR code whose scene tells from where."""
    registry.subscribed(ctx.db, message.openid, ctx.now, scene=message.event_key)
    return Text(phrases.welcome(ctx.office.settings.bureau_name))


def farewell(message: Inbound, ctx: Context) -> None:
    """A person leaves: no reply would reach them."""
    registry.unsubscribed(ctx.db, message.openid, ctx.now)
    ctx.dialog.clear()


def explain(_message: Inbound, _ctx: Context) -> Reply:
    """The uses of the account on one page."""
    return Text(phrases.help_text())


def cancel(_message: Inbound, ctx: Context) -> Reply:
    """Whatever was going on in the dialog ends; a draft is ended by its own route."""
    if ctx.dialog.empty:
        return Text(phrases.nothing_to_cancel())
    ctx.dialog.clear()
    return Text(phrases.cancelled())


def cannot_read(message: Inbound, _ctx: Context) -> Reply:
    """A kind of message that holds no words."""
    return Text(phrases.cannot_read(message.kind))
