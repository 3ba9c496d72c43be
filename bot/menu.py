"""The account's menu: three buttons, each a word a person could have typed, or a page.

Limits: developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.
"""

from typing import Any

from bot.outbound.client import Wechat
from core.errors import Refusal

NAME_BYTES, SUB_NAME_BYTES = 16, 60


def send_menu(wechat: Wechat, base_url: str) -> list[str]:
    """Give WeChat the menu of a house at `base_url`; the names of its buttons.

    Raises Refusal for a menu WeChat would not take, errors.WechatError when it did not.
    """
    menu = menu_of(base_url)
    wrong = problems_of(menu)
    if wrong:
        raise Refusal("；".join(wrong))
    wechat.create_menu(menu)
    return [button["name"] for button in menu["button"]]


def menu_of(base_url: str) -> dict[str, Any]:
    """The body of menu/create for a house at `base_url`."""
    return {
        "button": [
            _group(
                "查一查",
                _click("问收费办事", "ask"),
                _view("收费目录", f"{base_url}/fees/"),
                _view("办事指南", f"{base_url}/guides/"),
                _view("公开信息", f"{base_url}/disclosures/"),
            ),
            _group("订阅", _click("订阅主题", "topics"), _click("使用帮助", "help")),
            _group(
                "说一说",
                _click("提建议", "suggest"),
                _click("局长信箱", "mailbox"),
                _click("查进度", "progress"),
            ),
        ]
    }


def problems_of(menu: dict[str, Any]) -> list[str]:
    """What WeChat would refuse: more than 3 buttons or 5 entries, names too long."""
    wrong = ["一级菜单最多 3 个"] if len(menu["button"]) > 3 else []
    for button in menu["button"]:
        if len(button["name"].encode()) > NAME_BYTES:
            wrong.append(f"“{button['name']}”超过 {NAME_BYTES} 字节")
        entries = button.get("sub_button", [])
        if len(entries) > 5:
            wrong.append(f"“{button['name']}”下最多 5 项")
        wrong += [
            f"“{entry['name']}”超过 {SUB_NAME_BYTES} 字节"
            for entry in entries
            if len(entry["name"].encode()) > SUB_NAME_BYTES
        ]
    return wrong


def _group(name: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sub_button": list(entries)}


def _click(name: str, key: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def _view(name: str, url: str) -> dict[str, Any]:
    return {"type": "view", "name": name, "url": url}
