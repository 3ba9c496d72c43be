"""`flask menu push`: sends the account's menu to WeChat."""

import json

import click

from ops.commands.opening import opened_office


@click.group("menu")
def command() -> None:
    """公众号菜单 · the menu of the account."""


@command.command("push")
def push() -> None:
    """把菜单发给微信 · send the menu; phones show it within five minutes of being opened."""
    from bot.menu import menu_of, problems_of
    from bot.outbound.errors import WechatError

    with opened_office() as office:
        menu = menu_of(office.settings.base_url)
        wrong = problems_of(menu)
        if wrong:
            raise click.ClickException("；".join(wrong))
        try:
            office.wechat.create_menu(menu)
        except WechatError as error:
            raise click.ClickException(f"微信没有接受菜单（{error}）") from error
    click.echo(
        json.dumps({"buttons": [button["name"] for button in menu["button"]]}, ensure_ascii=False)
    )
