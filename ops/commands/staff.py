"""`flask staff`: accounts of the staff, from the command line."""

import click

from ops.commands.opening import opened_office


@click.group("staff")
def command() -> None:
    """工作人员账号 · accounts of the staff."""


@command.command("add")
@click.argument("name")
@click.option("--role", required=True, help="角色，如 general_office、handler · a role's name")
@click.option("--office", "office_name", default=None, help="科室 · the office's name or slug")
@click.option("--display-name", default="", help="显示的姓名 · the name that is shown")
def add(name: str, role: str, office_name: str | None, display_name: str) -> None:
    """添加账号，输出一次性密码 · add an account; prints its one-time password."""
    from bureau.staff import accounts
    from bureau.staff.roles import ROLES

    if role not in ROLES:
        raise click.BadParameter(f"可用的有：{'、'.join(ROLES)}", param_hint="--role")
    with opened_office() as office, office.database.write() as db:
        password = accounts.add(
            db, name, role, office.clock.now(), display_name=display_name, office=office_name
        )
    click.echo(password)


@command.command("reset")
@click.argument("name")
def reset(name: str) -> None:
    """重置密码并解锁，输出一次性密码 · a new one-time password; unlocks the account."""
    from bureau.staff import accounts

    with opened_office() as office, office.database.write() as db:
        clerk = accounts.require(db, name)
        password = accounts.reset_password(db, clerk, office.clock.now(), by=None)
    click.echo(password)


@command.command("list")
def listing() -> None:
    """列出账号 · every account."""
    from bureau.staff import accounts, roles

    with opened_office() as office, office.database.read() as db:
        for clerk in accounts.everyone(db):
            room = clerk.office.name if clerk.office else "-"
            state = "" if clerk.active else "（已停用）"
            label = roles.ROLES[clerk.role].label if clerk.role in roles.ROLES else clerk.role
            click.echo(f"{clerk.name}\t{clerk.display_name}\t{label}\t{room}{state}")
