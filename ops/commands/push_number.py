"""The number of a push as it is typed: a whole number, or a sentence that says where one stands."""

from typing import Any

import click

LARGEST = 2**63 - 1  # what a table's number can be
HINT = "推送编号应为正整数，如 12；在 flask publish 的输出和工作台的“推送”里 (a whole number)"


class PushNumber(click.ParamType[int]):
    """From 1 on. Anything else is wrong usage (exit 2), said in words."""

    name = "ID"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
        if not 1 <= number <= LARGEST:
            raise click.BadParameter(f"“{text}”不对，{HINT}", ctx, param)
        return number
