"""What a template's field may hold.

developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.rules.errors import TEXTS, WechatError

SHAPES: dict[str, str] = {
    "number": r"\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 ?)?(\d{1,2}:\d{2}(:\d{2})?)?([~～-].+)?|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?([~～].+)?",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日( ?\d{1,2}:\d{2})?([~～-].+)?|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}( \d{1,2}:\d{2})?([~～].+)?",
    "amount": r"[¥￥$]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[+\-\d()*]{1,17}",
    "car_number": r".{1,8}",
    "name": r"[一-鿿·]{1,10}|[A-Za-z .·]{1,20}",
    "phrase": r"[一-鿿]{1,5}",
    "const": r".{1,20}",
}
COMPILED = {kind: re.compile(shape) for kind, shape in SHAPES.items()}


def check_values(fields: Sequence[str], data: Any, thing_characters: int) -> None:
    """Raises 47003 naming the first field that is missing, empty or out of shape."""
    if not isinstance(data, Mapping):
        raise WechatError(47001)
    for field in fields:
        value = data.get(field)
        text = value.get("value") if isinstance(value, Mapping) else value
        if not allowed(field, text, thing_characters):
            raise WechatError(47003, text=TEXTS[47003].format(field=field))


def allowed(field: str, text: Any, thing_characters: int) -> bool:
    """Whether the value keeps the rule its field's name stands for."""
    if isinstance(text, int | float):
        text = str(text)
    if not isinstance(text, str) or not text.strip():
        return False
    kind = field.rstrip("0123456789")
    if kind == "thing":
        return len(text) <= thing_characters
    shape = COMPILED.get(kind)
    return shape is None or shape.fullmatch(text) is not None
