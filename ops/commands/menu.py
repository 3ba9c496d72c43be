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
    from bot.menu import send_menu
    from bot.outbound.errors import MenuRefused, WechatError

    with opened_office() as office:
        try:
            buttons = send_menu(office.wechat, office.settings.base_url)
        except MenuRefused as error:
            hint = "菜单里的小程序没有关联到公众号，请先在公众平台关联"
            raise click.ClickException(f"{hint}（{error}）") from error
        except WechatError as error:
            raise click.ClickException(f"微信没有接受菜单（{error}）") from error
    click.echo(json.dumps({"buttons": buttons}, ensure_ascii=False))
