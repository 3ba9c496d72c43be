"""A tap on the account's menu: each button stands for words a person could have typed."""

from collections.abc import Callable
from dataclasses import replace

from bot.inbound.messages import Inbound
from bot.inbound.replies import Reply, Text
from handlers import phrases
from handlers.context import Context

Handler = Callable[[Inbound, Context], Reply | None]


def as_said(words: str, handler: Handler) -> Handler:
    """`handler`, given the message as if the person had typed `words`."""

    def handle(message: Inbound, ctx: Context) -> Reply | None:
        ctx.text = words
        return handler(replace(message, kind="text", text=words), ctx)

    return handle


def invite_question(_message: Inbound, _ctx: Context) -> Reply:
    """How a question is asked, with examples to tap."""
    return Text(phrases.ask_examples())
